/** The browser's clock over frames: position, play, speed, loop, following a growing head. It touches no page. */

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];

export interface ClockOptions {
  /** Called for every change of frame; `tween` says whether there is time for a transition. */
  onFrame(frame: number, tween: boolean): void;
  /** Called when anything a player bar shows has changed. */
  onState?(): void;
  framesPerSecond?: number;
  /** Frames in a group (an epoch of updates), or the first frame of each group. */
  group?: number | number[];
  /** Frames in a section of a group (an update of an epoch), or the first frame of each; 1 where there are none. */
  section?: number | number[];
  reducedMotion?(): boolean;
  now?(): number;
  requestFrame?(callback: () => void): number;
  cancelFrame?(handle: number): void;
}

const TWEEN_SECONDS = 0.2;

export class Clock {
  length = 0;
  frame = 0;
  playing = false;
  live = false;
  /** Whether a live recording's newest frame is shown as it arrives. */
  following = true;
  speed = 1;
  looping = false;
  /** First and last frame of the loop; null is the end of the recording, however it grows. */
  from: number | null = null;
  to: number | null = null;
  private handle: number | null = null;
  private last = 0;
  private owed = 0;
  private readonly options: Required<ClockOptions>;

  constructor(options: ClockOptions) {
    this.options = {
      onState: () => {},
      framesPerSecond: 8,
      group: 10,
      section: 1,
      reducedMotion: () => false,
      now: () => performance.now(),
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (handle) => cancelAnimationFrame(handle),
      ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    } as Required<ClockOptions>;
  }

  get loopStart(): number {
    return Math.min(this.from ?? 0, Math.max(0, this.length - 1));
  }

  get loopEnd(): number {
    return Math.min(this.to ?? this.length - 1, this.length - 1);
  }

  /** The recording has `length` frames now; `live` while it still grows. */
  setLength(length: number, live: boolean): void {
    const fresh = this.length === 0 || length < this.length;
    if (fresh) this.pause();
    if (live && (!this.live || fresh)) this.following = true;
    this.live = live;
    this.length = length;
    const head = Math.max(0, length - 1);
    const target = live && this.following && !this.playing ? head : Math.min(this.frame, head);
    if (length && (fresh || target !== this.frame)) this.show(target, false);
    else this.frame = target;
    this.options.onState();
  }

  seek(frame: number): void {
    const target = this.clamp(frame);
    this.owed = 0;
    if (this.live) this.following = target === this.length - 1;
    if (target !== this.frame) this.show(target, Math.abs(target - this.frame) === 1);
    this.options.onState();
  }

  step(frames: number): void {
    this.pause();
    this.seek(this.frame + frames);
  }

  /** To the first frame of the next (1) or this or the previous (-1) group, or section of one. */
  jump(direction: 1 | -1, part: "group" | "section" = "group"): void {
    this.pause();
    const starts = this.options[part];
    let target: number;
    if (Array.isArray(starts)) {
      target = direction > 0
        ? starts.find((start) => start > this.frame) ?? this.length - 1
        : starts.findLast((start) => start < this.frame) ?? 0;
    } else {
      target = direction > 0
        ? (Math.floor(this.frame / starts) + 1) * starts
        : (Math.ceil(this.frame / starts) - 1) * starts;
    }
    this.seek(target);
  }

  setGroup(group: number | number[]): void {
    this.options.group = group;
  }

  /** Frames a second at speed 1. */
  setRate(framesPerSecond: number): void {
    this.options.framesPerSecond = framesPerSecond;
  }

  setSection(section: number | number[]): void {
    this.options.section = section;
  }

  play(): void {
    if (this.playing || this.length < 2) return;
    const end = this.looping ? this.loopEnd : this.length - 1;
    if (this.frame >= end) this.show(this.looping ? this.loopStart : 0, false);
    this.following = false;
    this.playing = true;
    this.owed = 0;
    this.last = this.options.now();
    this.wait();
    this.options.onState();
  }

  pause(): void {
    if (this.handle !== null) this.options.cancelFrame(this.handle);
    this.handle = null;
    if (!this.playing) return;
    this.playing = false;
    this.options.onState();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Back to the newest frame of a live recording, and stay there. */
  latest(): void {
    this.pause();
    this.seek(this.length - 1);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.options.onState();
  }

  /** One notch faster (1) or slower (-1). */
  shift(direction: 1 | -1): void {
    const place = SPEEDS.indexOf(this.speed) + direction;
    if (place >= 0 && place < SPEEDS.length) this.setSpeed(SPEEDS[place]);
  }

  setLoop(on: boolean, from: number | null = null, to: number | null = null): void {
    this.looping = on;
    [this.from, this.to] = from !== null && to !== null && from > to ? [to, from] : [from, to];
    this.options.onState();
  }

  private wait(): void {
    this.handle = this.options.requestFrame(() => this.tick());
  }

  private tick(): void {
    const now = this.options.now();
    const rate = this.options.framesPerSecond * this.speed;
    // A tab that was hidden comes back with minutes on the clock; they are not played at once.
    this.owed += Math.min((now - this.last) / 1000, 0.25) * rate;
    this.last = now;
    const whole = Math.floor(this.owed + 1e-9);
    this.owed -= whole;
    if (whole > 0) this.advance(whole, 1 / rate >= TWEEN_SECONDS);
    if (this.playing) this.wait();
  }

  private advance(frames: number, tween: boolean): void {
    const start = this.looping ? this.loopStart : 0;
    const end = this.looping ? this.loopEnd : this.length - 1;
    let target = this.frame + frames;
    if (target > end) {
      if (this.looping && end > start) {
        target = start + ((target - end - 1) % (end - start + 1));
        tween = false;
      } else target = end;
    }
    if (target !== this.frame) this.show(target, tween);
    if (!this.looping && target === end) {
      this.following = this.live;
      this.pause();
    }
    this.options.onState();
  }

  private show(frame: number, tween: boolean): void {
    this.frame = frame;
    this.options.onFrame(frame, tween && !this.options.reducedMotion());
  }

  private clamp(frame: number): number {
    return Math.max(0, Math.min(this.length - 1, Math.round(frame)));
  }
}
