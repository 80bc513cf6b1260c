import { assertEquals } from "./assert.ts";
import { Clock, type ClockOptions } from "../../widgets/playback/clock.ts";

/** A clock whose time passes only when told: `pass(ms)` in steps of 1/60 s. */
function bench(options: Partial<ClockOptions> = {}) {
  let now = 0;
  let waiting: (() => void) | null = null;
  const shown: [number, boolean][] = [];
  const clock = new Clock({
    onFrame: (frame, tween) => shown.push([frame, tween]),
    now: () => now,
    requestFrame: (callback) => {
      waiting = callback;
      return 1;
    },
    cancelFrame: () => {
      waiting = null;
    },
    framesPerSecond: 10,
    ...options,
  });
  const pass = (ms: number) => {
    for (let left = ms; left > 1e-6; left -= 10) {
      now += Math.min(10, left);
      const callback = waiting;
      waiting = null;
      callback?.();
    }
  };
  return { clock, shown, pass, waits: () => waiting !== null };
}

Deno.test("plays at its speed and stops at the last frame", () => {
  const { clock, pass, shown, waits } = bench();
  clock.setLength(6, false);
  assertEquals(shown, [[0, false]]);
  clock.play();
  pass(250);
  assertEquals(clock.frame, 2);
  clock.setSpeed(0.1);
  pass(1000);
  assertEquals(clock.frame, 3);
  clock.setSpeed(16);
  pass(100);
  assertEquals([clock.frame, clock.playing, waits()], [5, false, false]);
  clock.play();
  assertEquals(clock.frame, 0);
});

Deno.test("every frame is shown once when there is time, with a tween only when it lasts", () => {
  const slow = bench({ framesPerSecond: 2 });
  slow.clock.setLength(4, false);
  slow.clock.play();
  slow.pass(1600);
  assertEquals(slow.shown, [[0, false], [1, true], [2, true], [3, true]]);
  const still = bench({ framesPerSecond: 2, reducedMotion: () => true });
  still.clock.setLength(3, false);
  still.clock.play();
  still.pass(1100);
  assertEquals(still.shown, [[0, false], [1, false], [2, false]]);
});

Deno.test("a tab that slept does not race", () => {
  const { clock, pass } = bench();
  clock.setLength(1000, false);
  clock.play();
  pass(10);
  const before = clock.frame;
  const asleep = bench();
  asleep.clock.setLength(1000, false);
  asleep.clock.play();
  assertEquals(before, 0);
  let now = 0;
  const jump = new Clock({
    onFrame: () => {},
    now: () => now,
    requestFrame: (callback) => {
      if (now === 0) {
        now = 60_000;
        callback();
      }
      return 1;
    },
    cancelFrame: () => {},
    framesPerSecond: 10,
  });
  jump.setLength(1000, false);
  jump.play();
  assertEquals(jump.frame, 2);
});

Deno.test("loops the whole, or a passage, whichever end was set first", () => {
  const { clock, pass } = bench();
  clock.setLength(10, false);
  clock.setLoop(true);
  clock.seek(9);
  clock.play();
  assertEquals(clock.frame, 0);
  pass(1000);
  assertEquals(clock.frame, 0);
  clock.setLoop(true, 7, 4);
  assertEquals([clock.loopStart, clock.loopEnd], [4, 7]);
  clock.seek(7);
  pass(100);
  assertEquals([clock.frame, clock.playing], [4, true]);
  clock.setLoop(false);
  pass(2000);
  assertEquals([clock.frame, clock.playing], [9, false]);
});

Deno.test("steps stop the play and stay inside; groups are sizes or lists", () => {
  const { clock } = bench({ group: 7 });
  clock.setLength(20, false);
  clock.play();
  clock.step(1);
  assertEquals([clock.frame, clock.playing], [1, false]);
  clock.step(-5);
  assertEquals(clock.frame, 0);
  clock.jump(1);
  assertEquals(clock.frame, 7);
  clock.seek(9);
  clock.jump(-1);
  assertEquals(clock.frame, 7);
  clock.jump(-1);
  clock.jump(-1);
  assertEquals(clock.frame, 0);
  clock.setGroup([0, 5, 12]);
  clock.jump(1);
  clock.jump(1);
  assertEquals(clock.frame, 12);
  clock.jump(1);
  assertEquals(clock.frame, 19);
  clock.jump(-1);
  assertEquals(clock.frame, 12);
});

Deno.test("follows a growing head until scrubbed back, and again after latest", () => {
  const { clock, shown } = bench();
  clock.setLength(1, true);
  clock.setLength(5, true);
  assertEquals(clock.frame, 4);
  clock.seek(2);
  clock.setLength(8, true);
  assertEquals([clock.frame, clock.following], [2, false]);
  clock.latest();
  clock.setLength(9, true);
  assertEquals([clock.frame, clock.following], [8, true]);
  clock.setLength(9, false);
  assertEquals([clock.frame, clock.live], [8, false]);
  assertEquals(shown.map(([frame]) => frame), [0, 4, 2, 7, 8]);
});

Deno.test("a replay of a live run that reaches the head follows it from there", () => {
  const { clock, pass } = bench();
  clock.setLength(5, true);
  clock.seek(0);
  clock.play();
  pass(2000);
  assertEquals([clock.frame, clock.playing, clock.following], [4, false, true]);
  clock.setLength(7, true);
  assertEquals(clock.frame, 6);
});

Deno.test("a new, shorter recording begins within its length; an empty one shows nothing", () => {
  const { clock, shown } = bench();
  clock.setLength(0, false);
  clock.play();
  assertEquals([clock.playing, shown.length], [false, 0]);
  clock.setLength(9, false);
  clock.seek(8);
  clock.play();
  clock.setLength(3, false);
  assertEquals([clock.frame, clock.playing], [0, false]);
});

Deno.test("speeds go by notches and stop at the ends", () => {
  const { clock } = bench();
  clock.shift(1);
  assertEquals(clock.speed, 2);
  for (let i = 0; i < 9; i++) clock.shift(1);
  assertEquals(clock.speed, 16);
  for (let i = 0; i < 19; i++) clock.shift(-1);
  assertEquals(clock.speed, 0.1);
});
