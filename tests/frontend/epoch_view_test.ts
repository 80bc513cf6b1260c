import view from "../../widgets/epoch/view.ts";
import type { EpochTraits } from "../../widgets/epoch/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { messageOf, REPORT, traitsOf } from "./epoch_page.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Told = EpochTraits & { problem: string; _still: string };

function open(more: Partial<Told> = {}, updates = 6) {
  const page = openTensorPage();
  const controller = new AbortController();
  const python = fakeModel<Told>({ ...traitsOf(), problem: "", _still: "", ...more });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const publish = (...message: ReturnType<typeof messageOf>) => python.receive(...message);
  publish(...messageOf(updates));
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  const named = (name: string) => find<HTMLButtonElement>(`[aria-label="${name}"]`);
  const picture = () =>
    (el.querySelector(".fe-panels")!.outerHTML + el.querySelector(".fe-charts")!.outerHTML)
      .replaceAll(' class=""', "").replace(/<canvas[^>]*fe-flight[^>]*>/g, "");
  const say = () => find(".fe-sentence").textContent!;
  const close = () => {
    controller.abort();
    page.restore();
  };
  return { page, python, el, find, named, picture, say, publish, close, controller };
}

Deno.test("epoch: the card says what it shows in figures, words and counts", () => {
  const { find, say, close } = open();
  assertEquals(find("h2").textContent, "One epoch, two ways");
  assertEquals(find(".fe-state").textContent, "n = 7 · batch size 3 · α = 0.1");
  assert(say().startsWith("Epoch 1 of 2 begins"), say());
  assertEquals(find("[role=status]").textContent, say());
  assertEquals(
    find(".fe-panel-sgd .fe-counts").textContent,
    "rows processed 0 / 14 updates 0 epochs 0 / 2 ",
  );
  close();
});

Deno.test("epoch: stages light up in turn, on both sides, and the update is gradient descent's only at the end", () => {
  const { find, named, close } = open();
  const active = (kind: string) =>
    find(`.fe-panel-${kind}`).querySelector(".fe-active b")?.textContent ?? null;
  const seen: (string | null)[][] = [];
  for (let frame = 0; frame < 16; frame++) {
    if (frame < 6 || frame === 15) seen.push([active("gd"), active("sgd")]);
    named("one stage on").click();
  }
  assertEquals(seen, [
    [null, null],
    [null, null],
    ["predict", "predict"],
    ["loss", "loss"],
    ["gradient", "gradient"],
    [null, "update"],
    ["update", "update"],
  ]);
  close();
});

Deno.test("epoch: counters go up with the rows, on both sides", () => {
  const { find, named, close } = open();
  const counts = (kind: string) => find(`.fe-panel-${kind} .fe-counts`).textContent;
  named("one update on").click();
  named("one update on").click();
  assertEquals(counts("sgd"), "rows processed 6 / 14 updates 1 epochs 0 / 2 ");
  assertEquals(counts("gd"), "rows processed 6 / 14 updates 0 epochs 0 / 2 ");
  named("last stage").click();
  assertEquals(counts("sgd"), "rows processed 14 / 14 updates 6 epochs 2 / 2 ");
  assertEquals(counts("gd"), "rows processed 14 / 14 updates 2 epochs 2 / 2 ");
  close();
});

Deno.test("epoch: a frame reached by scrubbing is the frame reached by playing", () => {
  const one = open();
  const pictures: string[] = [];
  for (let frame = 0; frame < 33; frame++) {
    one.page.frames(1000);
    pictures.push(one.picture() + one.say());
    one.named("one stage on").click();
  }
  const range = one.find<HTMLInputElement>(".fe-player input");
  for (const frame of [20, 3, 32, 15, 16, 0, 31]) {
    range.value = String(frame);
    one.page.fire(range, "input");
    assert(one.picture() + one.say() === pictures[frame], `frame ${frame}`);
  }
  assert(new Set(pictures).size === 33, "frames that look alike");
  one.close();
});

Deno.test("epoch: the arrows stand at the gradient, the fan only where it was asked for", () => {
  const { el, named, close } = open();
  const arrows = () => el.querySelectorAll(".fe-arrow-head").length;
  assertEquals(arrows(), 0);
  named("one update on").click();
  for (let stage = 0; stage < 3; stage++) named("one stage on").click();
  assertEquals(arrows(), 2);
  named("one stage on").click();
  assertEquals(arrows(), 0);
  close();
});

Deno.test("epoch: another run keeps the place, by rows processed", () => {
  const { python, named, say, publish, close } = open();
  named("one update on").click();
  named("one update on").click();
  named("one stage on").click();
  assert(say().startsWith("Batch 2 of 3: the model predicts"), say());
  python.change({ learning_rate: 0.2 });
  publish(...messageOf(6, 3, 2));
  assert(say().startsWith("Batch 2 of 3: the model predicts"), say());
  named("last stage").click();
  python.change({ report: { ...REPORT, updates: { gd: 1, sgd: 3 } }, epochs: 1 });
  publish(...messageOf(3, 3, 3));
  assert(say().startsWith("After 7 rows each"), say());
  close();
});

Deno.test("epoch: a refused setting is said with a mark, and the picture stays", () => {
  const { python, find, picture, close } = open();
  const before = picture();
  assertEquals(find(".fe-problem").hidden, true);
  python.change({ problem: "batch_size is 9, but there are 7 rows. Use 1 to 7." });
  assertEquals(
    find(".fe-problem").textContent,
    "⚠ batch_size is 9, but there are 7 rows. Use 1 to 7.",
  );
  assertEquals(find(".fe-problem").hidden, false);
  assertEquals(picture(), before);
  close();
});

Deno.test("epoch: a run that diverged says so at its end", () => {
  const sentence =
    "SGD diverged at update 6: the loss is no number any more. Try a learning rate of 0.1.";
  const { find, named, close } = open({
    report: { ...REPORT, diverged: { method: "sgd", update: 6, sentence } },
  });
  assertEquals(find(".fe-epoch").classList.contains("fe-diverged"), false);
  named("last stage").click();
  assertEquals(find(".fe-sentence").textContent, sentence);
  assertEquals(find(".fe-epoch").classList.contains("fe-diverged"), true);
  close();
});

Deno.test("epoch: controls ask Python, and the slider of the batch size goes by one row with keys", () => {
  const { page, python, find, close } = open();
  const slide = find<HTMLInputElement>('[aria-label="batch size, from 1 to all rows"]');
  slide.value = "1000";
  page.fire(slide, "input");
  assertEquals(python.traits.batch_size, 7);
  assertEquals(find<HTMLInputElement>('[aria-label="batch size"]').value, "7");
  page.press(slide, "ArrowLeft");
  assertEquals(python.traits.batch_size, 6);
  const rate = find<HTMLInputElement>('[aria-label="learning rate α"]');
  rate.value = "";
  const saves = python.saves();
  page.fire(rate, "change");
  assertEquals(python.saves(), saves);
  const [, second] = [...find(".fe-epoch-form").querySelectorAll("select")].filter((one) =>
    one.getAttribute("aria-label")?.endsWith("feature")
  );
  second.value = "age";
  page.fire(second, "change");
  assertEquals(python.traits.features, ["oldpeak", "age"]);
  close();
});

Deno.test("epoch: the table holds every update, the one in hand marked", async () => {
  const { page, find, named, el, close } = open();
  const fold = find<HTMLDetailsElement>("details");
  fold.open = true;
  page.fire(fold, "toggle");
  await Promise.resolve();
  named("one update on").click();
  named("one update on").click();
  const rows = [...el.querySelectorAll("tbody tr")];
  assertEquals(rows.length, 7);
  assertEquals(rows.map((row) => row.getAttribute("aria-current")), [
    null,
    "true",
    ...Array(5).fill(null),
  ]);
  assertEquals(
    [...rows[1].children].map((cell) => cell.textContent),
    [
      "1",
      "1",
      "2 of 3",
      "3",
      "0.550000",
      "0.650000",
      "0.500000",
      "0.400000",
      "19.4°",
      "3",
      "0",
      "0.700000",
    ],
  );
  close();
});

Deno.test("epoch: closing the view leaves no listener on the page or on the model", () => {
  const { page, python, close, controller } = open();
  controller.abort();
  assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
  close();
});
