/** The player bar every animated view shows: a clock with buttons, a slider and a speed. It draws no picture. */
import { Clock, SPEEDS } from "./clock.ts";
export { attachKeys } from "./keys.ts";
import { icon, ICONS, setIcon } from "./icons.ts";

export interface PlayerOptions {
  signal: AbortSignal;
  /** What one frame is: "epoch", "update", "batch". */
  unit: string;
  onFrame(frame: number, tween: boolean): void;
  /** Called when anything the bar shows has changed: playing, speed, loop, length. */
  onState?(): void;
  framesPerSecond?: number;
  /** Frames in a group (shift and an arrow go from group to group), or the first frame of each. */
  group?: number | number[];
  /** What a section of a group is, for example "update", and its frames: buttons, page up and page down go by it. */
  section?: { unit: string; frames: number | number[] };
  /** The number shown for frame 0. Default 1; 0 where frame 0 is the state before the first step. */
  first?: number;
  /** Instead of "epoch 3 / 7"; used for the slider's value text as well. */
  label?(frame: number, length: number): string;
  document?: Document;
  clock?: Clock;
  reducedMotion?(): boolean;
}

export interface Player {
  readonly element: HTMLElement;
  readonly clock: Clock;
  readonly frame: number;
  /** Whether groups have sections to go by. */
  readonly sectioned: boolean;
  /** The recording has this many frames; `live` while it still grows. */
  setLength(length: number, live: boolean): void;
  seek(frame: number): void;
  destroy(): void;
}

export function createPlayer(options: PlayerOptions): Player {
  const page = options.document ?? document;
  const { signal, unit } = options;
  const first = options.first ?? 1;
  const clock = options.clock ?? new Clock({
    onFrame: options.onFrame,
    onState: () => {
      refresh();
      options.onState?.();
    },
    framesPerSecond: options.framesPerSecond,
    group: options.group,
    section: options.section?.frames,
    reducedMotion: options.reducedMotion ??
      (() => page.defaultView?.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false),
  });

  const button = (name: string, glyph: keyof typeof ICONS | null, act: () => void) => {
    const made = page.createElement("button");
    made.type = "button";
    made.title = name;
    if (glyph) {
      made.setAttribute("aria-label", name);
      made.append(icon(page, glyph));
    } else made.textContent = name;
    made.addEventListener("click", act, { signal });
    return made;
  };
  const part = (name: string, ...children: Node[]) => {
    const made = page.createElement("div");
    made.className = name;
    made.append(...children);
    return made;
  };

  const toStart = button(`first ${unit}`, "first", () => clock.step(-clock.length));
  const back = button(`one ${unit} back`, "back", () => clock.step(-1));
  const play = button("play", "play", () => clock.toggle());
  play.className = "fe-primary fe-play";
  const forward = button(`one ${unit} on`, "forward", () => clock.step(1));
  const sections = options.section
    ? [
      button(`one ${options.section.unit} back`, "sectionBack", () => clock.jump(-1, "section")),
      button(`one ${options.section.unit} on`, "sectionOn", () => clock.jump(1, "section")),
    ]
    : [];
  const toEnd = button(`last ${unit}`, "last", () => clock.step(clock.length));
  const latest = button("latest", null, () => clock.latest());
  latest.title = `back to the newest ${unit}`;

  const range = page.createElement("input");
  range.type = "range";
  range.min = "0";
  range.step = "1";
  range.setAttribute("aria-label", unit);
  range.addEventListener("input", () => {
    // Pausing puts the slider back to the frame shown.
    const wanted = Number(range.value);
    clock.pause();
    clock.seek(wanted);
  }, { signal });
  const position = page.createElement("output");
  position.className = "fe-position fe-number";
  position.setAttribute("aria-live", "off");

  const speed = page.createElement("select");
  speed.setAttribute("aria-label", "speed");
  for (const value of SPEEDS) {
    const option = page.createElement("option");
    option.value = String(value);
    option.textContent = `${value}×`;
    speed.append(option);
  }
  speed.addEventListener("change", () => clock.setSpeed(Number(speed.value)), { signal });

  const loop = button("loop", "loop", () => clock.setLoop(!clock.looping, null, null));
  const from = button("from here", null, () => clock.setLoop(true, clock.frame, clock.to));
  const to = button("to here", null, () => clock.setLoop(true, clock.from, clock.frame));
  from.title = `loop from this ${unit} on`;
  to.title = `loop up to this ${unit}`;
  const passage = page.createElement("span");
  passage.className = "fe-passage fe-number";

  const element = part(
    "fe-player",
    part(
      "fe-player-steps",
      toStart,
      ...sections.slice(0, 1),
      back,
      play,
      forward,
      ...sections.slice(1),
      toEnd,
    ),
    range,
    part("fe-player-place", position, latest),
    part("fe-player-pace", speed, loop),
    part("fe-player-loop", from, to, passage),
  );
  element.setAttribute("role", "group");
  element.setAttribute("data-fe-part", "player");
  element.setAttribute("aria-label", "player");

  const number = (frame: number) => clock.length ? frame + first : 0;
  const text = (joint: string) =>
    options.label?.(clock.frame, clock.length) ??
      `${unit} ${number(clock.frame)} ${joint} ${number(clock.length - 1)}`;

  function refresh(): void {
    const { frame, length, playing } = clock;
    const end = Math.max(0, length - 1);
    range.max = String(end);
    range.value = String(frame);
    range.setAttribute("aria-valuetext", text("of"));
    const share = (value: number) => end ? `${(100 * value) / end}%` : "0%";
    range.style.setProperty("--fe-done", share(frame));
    range.style.setProperty("--fe-from", share(clock.loopStart));
    range.style.setProperty("--fe-to", share(clock.looping ? clock.loopEnd : clock.loopStart));
    position.textContent = text("/");
    if (play.title !== (playing ? "pause" : "play")) {
      play.title = playing ? "pause" : "play";
      play.setAttribute("aria-label", play.title);
      setIcon(play.firstElementChild as SVGSVGElement, playing ? "pause" : "play");
    }
    for (const control of [play, range, loop]) control.disabled = length < 2;
    // A disabled button loses the focus, so the ends only say that they are ends.
    for (const control of [toStart, back, ...sections.slice(0, 1)]) {
      control.setAttribute("aria-disabled", String(frame === 0));
    }
    for (const control of [forward, toEnd, ...sections.slice(1)]) {
      control.setAttribute("aria-disabled", String(frame >= end));
    }
    latest.hidden = !clock.live || (clock.following && frame === end);
    speed.selectedIndex = SPEEDS.indexOf(clock.speed);
    loop.setAttribute("aria-pressed", String(clock.looping));
    for (const control of [from, to, passage]) control.hidden = !clock.looping;
    passage.textContent = `${number(clock.loopStart)} – ${number(Math.max(0, clock.loopEnd))}`;
  }

  const destroy = () => clock.pause();
  signal.addEventListener("abort", destroy, { once: true });
  refresh();
  return {
    element,
    clock,
    sectioned: sections.length > 0,
    get frame() {
      return clock.frame;
    },
    setLength: (length, live) => clock.setLength(length, live),
    seek: (frame) => clock.seek(frame),
    destroy,
  };
}
