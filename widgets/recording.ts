/** The browser's copy of a Recording: typed arrays that grow as Python sends new frames. Draws nothing. */
import type { AnyModel } from "@anywidget/types";

export type Values =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

const constructors: Record<
  string,
  { new (length: number): Values; new (buffer: ArrayBuffer): Values }
> = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
};

export interface FrameArray {
  dtype: string;
  /** Shape of one frame. */
  shape: number[];
  /** Values in one frame. */
  size: number;
  data: Values;
}

export interface FramesHeader {
  kind: string;
  run: number;
  start: number;
  stop: number;
  settings?: Record<string, unknown>;
  arrays: { name: string; dtype: string; shape: number[] }[];
}

/** All frames received so far of one run. */
export class Frames {
  run = 0;
  length = 0;
  settings: Record<string, unknown> = {};
  readonly arrays = new Map<string, FrameArray>();

  has(name: string): boolean {
    return this.arrays.has(name);
  }

  /** The values of one frame, without a copy. */
  row(name: string, frame: number): Values {
    const array = this.arrays.get(name);
    if (!array) throw new Error(`no array ${name} in this recording`);
    return array.data.subarray(frame * array.size, (frame + 1) * array.size) as Values;
  }

  /** The value of an array that has one value a frame. */
  value(name: string, frame: number): number {
    return this.row(name, frame)[0];
  }

  /** Take in a message; false when frames before it are missing. */
  append(header: FramesHeader, buffers: DataView[]): boolean {
    if (header.run !== this.run) {
      if (header.start !== 0) return false;
      this.run = header.run;
      this.length = 0;
      this.arrays.clear();
    }
    if (header.settings) this.settings = header.settings;
    if (header.start > this.length) return false;
    if (header.stop <= this.length) return true;
    header.arrays.forEach((entry, number) => this.write(entry, buffers[number], header));
    this.length = header.stop;
    return true;
  }

  private write(entry: FramesHeader["arrays"][number], bytes: DataView, header: FramesHeader) {
    const shape = entry.shape.slice(1);
    const size = shape.reduce((product, axis) => product * axis, 1);
    const make = constructors[entry.dtype];
    if (!make) throw new Error(`${entry.name}: no browser array for ${entry.dtype}`);
    let array = this.arrays.get(entry.name);
    if (!array) {
      array = { dtype: entry.dtype, shape, size, data: new make(Math.max(1, header.stop) * size) };
      this.arrays.set(entry.name, array);
    }
    const needed = header.stop * size;
    if (array.data.length < needed || array.dtype !== entry.dtype) {
      array.dtype = entry.dtype;
      const grown = new make(Math.max(needed, 2 * array.data.length));
      grown.set(array.data);
      array.data = grown;
    }
    const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    array.data.set(new make(copy as ArrayBuffer), header.start * size);
  }
}

/** Keep `frames` in step with the recording Python publishes; calls `changed` after each arrival. `kind` is a Stream's. */
export function receiveFrames(
  model: AnyModel,
  signal: AbortSignal,
  changed: (frames: Frames, isNew: boolean) => void,
  kind = "frames",
): Frames {
  const frames = new Frames();
  const ask = () => model.send({ kind: `${kind}?`, run: frames.run, start: frames.length });
  const receive = (content: FramesHeader, buffers: DataView[]) => {
    if (content?.kind !== kind) return;
    const run = frames.run;
    if (frames.append(content, buffers)) changed(frames, frames.run !== run);
    else ask();
  };
  model.on("msg:custom", receive);
  signal.addEventListener("abort", () => model.off("msg:custom", receive));
  ask();
  return frames;
}
