/** A page on which TensorView and RankLadder can be drawn: canvases that note what is painted, frames run by hand. */
import type { Arrangement, Drawing, Drawn } from "../../widgets/tensor/drawing.ts";
import type { Facts, TensorTraits } from "../../widgets/tensor/traits.ts";
import { openPage, type Page } from "./page.ts";

// deno-lint-ignore no-explicit-any
type Anything = any;
type Listener = (...values: unknown[]) => void;

export interface Painted {
  call: string;
  with: unknown[];
  fill: string;
  stroke: string;
}

export interface TensorPage extends Page {
  /** Runs the frames asked for so far, `milliseconds` later; those asked for meanwhile wait for the next call. */
  frames(milliseconds?: number): number;
  /** Everything painted on a canvas since the last call. */
  painted(canvas: Element): Painted[];
  fire(target: Element, type: string, init?: Record<string, unknown>): Event;
  /** Resize and mutation observers that still observe. */
  observers(): number;
}

export function openTensorPage(width = 600): TensorPage {
  const page = openPage();
  const before = new Map<string, unknown>();
  let queue: FrameRequestCallback[] = [], observing = 0, later = 0;
  const canvases = new WeakMap<object, Painted[]>();
  const set = (values: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(values)) {
      if (!before.has(name)) before.set(name, (globalThis as Anything)[name]);
      (globalThis as Anything)[name] = value;
    }
  };
  class Observer {
    private on = false;
    observe() {
      if (!this.on) observing++;
      this.on = true;
    }
    disconnect() {
      if (this.on) observing--;
      this.on = false;
    }
  }
  const now = performance.now.bind(performance);
  performance.now = () => now() + later;
  set({
    requestAnimationFrame: (call: FrameRequestCallback) => queue.push(call),
    cancelAnimationFrame: (id: number) => void (queue[id - 1] = () => {}),
    ResizeObserver: Observer,
    MutationObserver: Observer,
    matchMedia: undefined,
    getComputedStyle: (element: HTMLElement) => ({ color: colourOf(element.style.color) }),
  });
  const canvas = page.document.createElement("canvas");
  const prototype = Object.getPrototypeOf(canvas);
  const getContext = prototype.getContext;
  prototype.getContext = function (this: object) {
    if (!canvases.has(this)) canvases.set(this, []);
    return pen(canvases.get(this)!);
  };
  let base = prototype;
  while (Object.getPrototypeOf(base) && !Object.hasOwn(base, "addEventListener")) {
    base = Object.getPrototypeOf(base);
  }
  const wide = Object.getOwnPropertyDescriptor(base, "clientWidth");
  Object.defineProperty(base, "clientWidth", { configurable: true, get: () => width });
  return {
    ...page,
    observers: () => observing,
    frames(milliseconds = 0) {
      later += milliseconds;
      const asked = queue;
      queue = [];
      asked.forEach((call) => call(performance.now()));
      return asked.length;
    },
    painted: (canvas) => canvases.get(canvas)?.splice(0) ?? [],
    fire(target, type, init = {}) {
      const event = new (page.document.defaultView as Anything).Event(type, {
        bubbles: true,
        cancelable: true,
      });
      target.dispatchEvent(Object.assign(event, init));
      return event;
    },
    restore() {
      performance.now = now;
      for (const [name, value] of before) (globalThis as Anything)[name] = value;
      prototype.getContext = getContext;
      if (wide) Object.defineProperty(base, "clientWidth", wide);
      else delete base.clientWidth;
      page.restore();
    },
  };
}

/** Every token of the palette has a colour of its own. */
function colourOf(written: string): string {
  const letters = [...(written ?? "")].map((letter) => letter.charCodeAt(0));
  const sum = (from: number) => letters.reduce((total, code, k) => total + code * (k + from), 0);
  return `rgb(${sum(1) % 256}, ${sum(2) % 256}, ${sum(5) % 256})`;
}

function pen(calls: Painted[]): CanvasRenderingContext2D {
  const state: Record<string, unknown> = {};
  return new Proxy(state, {
    get(_, name) {
      if (typeof name !== "string") return undefined;
      if (name in state) return state[name];
      if (name === "measureText") return (words: string) => ({ width: 7 * words.length });
      return (...values: unknown[]) => {
        calls.push({
          call: name,
          with: values,
          fill: String(state.fillStyle),
          stroke: String(state.strokeStyle),
        });
        if (name === "createImageData") {
          return { data: new Uint8ClampedArray(4 * (values[0] as number) * (values[1] as number)) };
        }
      };
    },
  }) as unknown as CanvasRenderingContext2D;
}

const NONE: Arrangement = {
  columns: null,
  rows: null,
  layers: null,
  channel: null,
  line: null,
  grid: null,
  facets: [],
};

/** As drawing.arrange in Python does it. */
export function arrange(rank: number, channels: "" | "picture" | "layers" = ""): Arrangement {
  const inner = channels === "picture"
    ? ["rows", "columns", "channel"]
    : channels === "layers"
    ? ["rows", "columns", "layers"]
    : ["layers", "rows", "columns"].slice(-Math.min(rank, 3));
  const ways = ["grid", "line", ...(rank ? inner : [])].slice(rank ? -rank : 2);
  const start = rank - ways.length;
  const found: Record<string, unknown> = { ...NONE };
  ways.forEach((way, k) => found[way] = start + k);
  return { ...found, facets: Array.from({ length: start }, (_, axis) => axis) } as Arrangement;
}

export const product = (sizes: number[]) => sizes.reduce((all, size) => all * size, 1);

/** A drawing whose cells are their own flat positions. */
export function drawingOf(shape: number[], more: Partial<Drawing> = {}): Drawing {
  return {
    shape,
    window: shape.map((size) => [0, size]),
    block: shape.map(() => 1),
    shown: "value",
    arrangement: arrange(shape.length),
    cells: Float64Array.from({ length: product(shape) }, (_, k) => k),
    marks: new Uint8Array(product(shape)),
    texts: null,
    labels: {},
    ...more,
  };
}

export function factsOf(shape: number[], more: Partial<Facts> = {}): Facts {
  return {
    shape,
    dtype: "float64",
    elements: product(shape),
    bytes: 8 * product(shape),
    source: "numpy.ndarray",
    axes: shape.map((_, axis) => `axis ${axis}`),
    roles: ["samples", "height", "width", "channels", "time"].slice(0, shape.length),
    can_be_picture: false,
    text: false,
    ...more,
  };
}

/** As Python sends it. */
export function drawnOf(drawing: Drawing): Drawn {
  const names = {
    Float32Array: "float32",
    Float64Array: "float64",
    Uint8Array: "uint8",
  } as const;
  const dtype = names[drawing.cells.constructor.name as keyof typeof names];
  const view = (values: Drawing["cells"]) => new DataView(values.slice().buffer as ArrayBuffer);
  return { ...drawing, dtype, cells: view(drawing.cells), marks: view(drawing.marks) };
}

export function everything(shape: number[]): TensorTraits["chosen"] {
  return {
    text: "",
    code: "x",
    shape,
    elements: product(shape),
    taken: shape.map((size) => [0, 1, size, true]),
    value: "",
    error: "",
  };
}

/** Plays Python: holds the traits and notes what the page sends. */
export function fakeModel<T extends object>(traits: T) {
  const on = new Map<string, Set<Listener>>();
  const sent: Record<string, unknown>[] = [];
  let saves = 0;
  const model = {
    get: (name: string) => (traits as Anything)[name],
    set: (name: string, value: unknown) => (traits as Anything)[name] = value,
    save_changes: () => saves++,
    send: (content: Record<string, unknown>) => sent.push(content),
    on: (name: string, call: Listener) => on.set(name, (on.get(name) ?? new Set()).add(call)),
    off: (name: string, call: Listener) => on.get(name)?.delete(call),
  };
  return {
    model,
    traits,
    sent,
    saves: () => saves,
    heard: () => [...on.values()].reduce((sum, calls) => sum + calls.size, 0),
    change(values: Partial<T>) {
      Object.assign(traits, values);
      for (const name of Object.keys(values)) on.get(`change:${name}`)?.forEach((call) => call());
    },
    /** A message of Python: its content and its buffers. */
    receive: (...message: unknown[]) => on.get("msg:custom")?.forEach((call) => call(...message)),
  };
}

export function* indexes(shape: number[]): Generator<number[]> {
  if (!shape.length) return yield [];
  for (let k = 0; k < shape[0]; k++) {
    for (const rest of indexes(shape.slice(1))) yield [k, ...rest];
  }
}
