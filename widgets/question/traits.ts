/** The synced traits of Question. */
import type { RememberedTraits } from "../progress.ts";

export interface QuestionTraits {
  title: string;
  prompt: string;
  picture: string;
  kind: "choice" | "number" | "text";
  options: string[];
  hint: string;
  once: boolean;
  right: boolean | null;
  said: string;
  problem: string;
  solution: string;
  can_show: boolean;
}

export type Traits = QuestionTraits & RememberedTraits;
