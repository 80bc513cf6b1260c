/** The traits KerasStack syncs with Python, and the plain data inside them. */

export type LevelKey = "code" | "keras" | "backend" | "hardware";

export interface Box {
  name: string;
  /** What was found of it here, in words. */
  state: string;
  /** Whether it is what runs here. */
  used: boolean;
}

export interface Level {
  key: LevelKey;
  title: string;
  sub: string;
  boxes: Box[];
  /** What it does for the line. */
  does: string;
  /** What was found on this machine; empty until it is read. */
  here: string;
}

export interface Shelf {
  kind: string;
  count: number;
  told: string;
  families: { name: string; names: string[] }[];
  /** Those the lecture uses. */
  lecture: string[];
}

export interface StackTraits {
  title: string;
  level: LevelKey;
  kind: string;
  status: "loading" | "counting" | "done" | "failed";
  levels: Level[];
  shelves: Shelf[];
  operations: [string, number][];
  footnote: string;
  problem_found: string;
  code: string;
}
