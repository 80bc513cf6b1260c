import { attachKeys, createPlayer } from "../../widgets/playback/player.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

function bench(length = 7, options = {}) {
  const page = openPage();
  const controller = new AbortController();
  const shown: number[] = [];
  const player = createPlayer({
    signal: controller.signal,
    unit: "epoch",
    document: page.document,
    onFrame: (frame) => shown.push(frame),
    group: 3,
    ...options,
  });
  const card = page.document.createElement("section");
  const outside = page.document.createElement("div");
  card.append(player.element);
  outside.append(card);
  page.document.body.append(outside);
  attachKeys(card, player, controller.signal);
  player.setLength(length, false);
  const named = (name: string) =>
    [...player.element.querySelectorAll("button")].find((button) =>
      button.getAttribute("aria-label") === name || button.textContent === name
    )!;
  return { page, controller, player, card, outside, shown, named };
}

Deno.test("the bar says where it is, in words for the slider too", () => {
  const { page, player } = bench();
  player.seek(2);
  const range = player.element.querySelector("input")!;
  assertEquals(player.element.querySelector("output")!.textContent, "epoch 3 / 7");
  assertEquals(range.getAttribute("aria-valuetext"), "epoch 3 of 7");
  assertEquals([range.max, range.value], ["6", "2"]);
  page.restore();
});

Deno.test("frame 0 can be the state before the first step, and a label can be the view's own", () => {
  const zero = bench(4, { first: 0 });
  zero.player.seek(3);
  assertEquals(zero.player.element.querySelector("output")!.textContent, "epoch 3 / 3");
  zero.page.restore();
  const own = bench(4, { label: (frame: number, length: number) => `batch ${frame} of ${length}` });
  assertEquals(
    own.player.element.querySelector("input")!.getAttribute("aria-valuetext"),
    "batch 0 of 4",
  );
  own.page.restore();
});

Deno.test("every control is a native one with a name", () => {
  const { page, player } = bench();
  for (const control of player.element.querySelectorAll("button, input, select")) {
    assert(control.getAttribute("aria-label") || control.textContent, control.outerHTML);
  }
  page.restore();
});

Deno.test("buttons step, play changes its name, loop is pressed", () => {
  const { page, player, named } = bench();
  named("one epoch on").click();
  named("one epoch on").click();
  named("one epoch back").click();
  assertEquals(player.frame, 1);
  named("last epoch").click();
  assertEquals(player.frame, 6);
  named("first epoch").click();
  named("play").click();
  assert(named("pause") && player.clock.playing);
  named("pause").click();
  named("loop").click();
  assertEquals(named("loop").getAttribute("aria-pressed"), "true");
  player.seek(2);
  named("from here").click();
  player.seek(4);
  named("to here").click();
  assertEquals([player.clock.loopStart, player.clock.loopEnd], [2, 4]);
  assertEquals(player.element.querySelector(".fe-passage")!.textContent, "3 – 5");
  page.restore();
});

Deno.test("keys play, step, go by epochs and change the speed, and stay in the card", () => {
  const { page, player, card, outside } = bench(10);
  let leaked = 0;
  outside.addEventListener("keydown", () => leaked++);
  for (
    const [key, init, frame] of [
      ["ArrowRight", {}, 1],
      ["ArrowRight", { shiftKey: true }, 3],
      ["ArrowLeft", {}, 2],
      ["ArrowLeft", { shiftKey: true }, 0],
      ["End", {}, 9],
      ["Home", {}, 0],
    ] as const
  ) {
    assert(page.press(card, key, init).defaultPrevented);
    assertEquals(player.frame, frame);
  }
  page.press(card, "+");
  assertEquals(player.clock.speed, 2);
  page.press(card, "-");
  page.press(card, " ");
  assert(player.clock.playing);
  page.press(card, " ");
  assert(!page.press(card, "a").defaultPrevented);
  assertEquals(leaked, 0);
  assertEquals(card.getAttribute("data-lm-suppress-shortcuts"), "true");
  page.press(card, "s", { ctrlKey: true });
  assertEquals(leaked, 1);
  page.restore();
});

Deno.test("typing and pressing keep their keys", () => {
  const { page, player, card, named } = bench(10);
  const input = page.document.createElement("input");
  input.setAttribute("type", "number");
  card.append(input);
  for (const target of [input, player.element.querySelector("select")!]) {
    for (const key of [" ", "ArrowRight", "Home", "-"]) {
      assert(!page.press(target, key).defaultPrevented, key);
    }
  }
  assert(!page.press(named("loop"), " ").defaultPrevented);
  assertEquals([player.frame, player.clock.playing], [0, false]);
  page.press(named("loop"), "ArrowRight");
  page.press(player.element.querySelector("input")!, "ArrowRight");
  assertEquals(player.frame, 2);
  page.restore();
});

Deno.test("while the bar is hidden its keys do what the page does with them", () => {
  const { page, player, card } = bench(10);
  player.element.hidden = true;
  for (const key of [" ", "ArrowRight", "End", "+"]) {
    assert(!page.press(card, key).defaultPrevented, key);
  }
  assertEquals([player.frame, player.clock.playing], [0, false]);
  player.element.hidden = false;
  page.press(card, "ArrowRight");
  assertEquals(player.frame, 1);
  page.restore();
});

Deno.test("live: the newest frame is followed, scrubbing back lets go, latest returns", () => {
  const { page, player, shown, named } = bench(0);
  player.setLength(1, true);
  player.setLength(4, true);
  assertEquals(player.frame, 3);
  assert(named("latest").hidden);
  const range = player.element.querySelector("input")!;
  range.value = "1";
  range.dispatchEvent(new (page.document.defaultView as typeof globalThis & Window).Event("input"));
  player.setLength(6, true);
  assertEquals([player.frame, named("latest").hidden], [1, false]);
  named("latest").click();
  player.setLength(7, true);
  assertEquals([player.frame, named("latest").hidden], [6, true]);
  assertEquals(shown, [0, 3, 1, 5, 6]);
  page.restore();
});

Deno.test("nothing is left after the signal: no listener, no frame waiting", () => {
  const page = openPage();
  const before = page.listeners();
  const made = bench();
  made.player.clock.play();
  assert(made.page.listeners() > 5);
  made.controller.abort();
  assertEquals([made.page.listeners(), made.player.clock.playing], [0, false]);
  made.page.restore();
  assertEquals(page.listeners(), before);
  page.restore();
});

Deno.test("a group can have sections, with buttons and keys of their own", () => {
  const { page, player, card, named } = bench(13, {
    group: [0, 6, 12],
    section: { unit: "update", frames: 3 },
  });
  named("one update on").click();
  assertEquals(player.frame, 3);
  assert(page.press(card, "PageDown").defaultPrevented);
  assertEquals(player.frame, 6);
  player.seek(8);
  page.press(card, "PageUp");
  assertEquals(player.frame, 6);
  named("one update back").click();
  assertEquals(player.frame, 3);
  page.press(card, "ArrowRight", { shiftKey: true });
  assertEquals(player.frame, 6);
  named("first epoch").click();
  assertEquals(named("one update back").getAttribute("aria-disabled"), "true");
  page.restore();
});

Deno.test("without sections page down is left to the page", () => {
  const { page, card } = bench(10);
  assert(!page.press(card, "PageDown").defaultPrevented);
  page.restore();
});
