/** The traits Autodiff reads and writes, and what its recording's settings hold; their meaning stands in widget.py. */
import type { Frames } from "../recording.ts";

export interface AutodiffTraits {
  title: string;
  expression: string;
  editable: boolean;
  values: Record<string, number>;
  variables: string[];
  checked: { state?: string; words?: string; rows?: CheckedRow[] };
  code: string;
}

export interface CheckedRow {
  name: string;
  ours: number;
  tape: number | null;
  words: string;
  agrees: boolean;
}

export interface GraphNode {
  name: string;
  kind: "operation" | "variable" | "data";
  symbol: string;
  formula: string;
  numbers: string;
  operation: string;
  asked: boolean;
}

export interface GraphEdge {
  start: number;
  stop: number;
  slot: number;
  /** Its place in the way back; -1 where no gradient is asked. */
  flow: number;
  rule: string;
  numbers: string;
  local: number | null;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Edges of the way back. */
  flow: number;
  loss: string;
}

/** One frame, as the pictures and tables take it. */
export interface Moment {
  graph: Graph;
  backward: boolean;
  /** The operation in hand; -1 before the first. */
  node: number;
  /** The edge in hand, by its place in the way back; -1 where there is none. */
  edge: number;
  value: ArrayLike<number>;
  gradient: ArrayLike<number>;
  upstream: number;
  local: number;
  passed: number;
  /** Gradient of the edge's input before this frame; NaN where there was none. */
  before: number;
}

export function momentOf(frames: Frames, frame: number): Moment {
  const graph = frames.settings.graph as Graph;
  const edge = frames.value("edge", frame);
  const start = graph.edges.find(({ flow }) => flow === edge && edge >= 0)?.start ?? -1;
  return {
    graph,
    backward: frames.value("phase", frame) === 1,
    node: frames.value("node", frame),
    edge,
    value: frames.row("value", frame),
    gradient: frames.row("gradient", frame),
    upstream: frames.value("upstream", frame),
    local: frames.value("local", frame),
    passed: frames.value("passed", frame),
    before: start >= 0 ? frames.row("gradient", frame - 1)[start] : NaN,
  };
}
