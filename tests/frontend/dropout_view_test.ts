import type { DropoutTraits, Facts } from "../../widgets/dropout/traits.ts";
import view from "../../widgets/dropout/view.ts";
import { networksSentence, powerOfTwo, sentenceOf } from "../../widgets/dropout/words.ts";
import { Frames } from "../../widgets/recording.ts";
import { assert, assertEquals } from "./assert.ts";
import { factsOf, messageOf, traitsOf } from "./dropout_page.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Told = DropoutTraits & { problem: string; _still: string };

function open(more: Partial<Facts> = {}, width = 600) {
  const page = openTensorPage(width);
  const controller = new AbortController();
  const python = fakeModel<Told>({ ...traitsOf(), problem: "", _still: "" });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const publish = (...message: ReturnType<typeof messageOf>) => python.receive(...message);
  publish(...messageOf(more));
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  const named = <E extends HTMLElement = HTMLButtonElement>(name: string) =>
    find<E>(`[aria-label="${name}"]`);
  const say = () => find(".fe-sentence").textContent!;
  const crossed = () =>
    [...el.querySelectorAll(".fe-layer-dense .fe-unit")].map((unit) =>
      unit.classList.contains("fe-off")
    );
  const picture = () =>
    [".fe-net-picture", ".fe-means", ".fe-networks"].map((part) => find(part).outerHTML).join()
      .replaceAll(' class=""', "");
  const close = () => {
    controller.abort();
    page.restore();
  };
  return { page, python, el, find, named, say, crossed, picture, publish, close, controller };
}

function framesOf(more: Partial<Facts>): [Frames, Facts] {
  const frames = new Frames();
  frames.append(...messageOf(more));
  return [frames, factsOf(more)];
}

Deno.test("dropout: the card says units, rate and networks, and the sentence counts the dropped", () => {
  const { find, say, close } = open();
  assertEquals(find("h2").textContent, "Dropout");
  assertEquals(find(".fe-state").textContent, "3 units · rate 0.5 · 2³ networks");
  assert(
    say().startsWith(
      "Batch 1 of 4: 1 of 3 units dropped for row 1; the 2 that stay are doubled.",
    ),
    say(),
  );
  assertEquals(
    find("[role=status]").textContent,
    `${say()} With 1 mask the network's output averages 0.5000; at inference it is 0.6250.`,
  );
  close();
});

Deno.test("dropout: the dropped units are crossed, their lines gone, the kept say what they are multiplied by", () => {
  const { el, crossed, named, close } = open();
  assertEquals(crossed(), [false, true, false, false]);
  const gone = () =>
    [...el.querySelectorAll(".fe-gap line")].map((line) =>
      line.getAttribute("stroke-opacity") === "0.04"
    );
  // 2 inputs × 3 units, then 3 units × 1 output.
  assertEquals(gone(), [false, true, false, false, true, false, false, true, false]);
  const words = [...el.querySelectorAll(".fe-layer-dense .fe-unit")].map((unit) =>
    unit.getAttribute("aria-label")
  );
  assert(words[0]!.endsWith("relu → 0.50000 (bias 0), kept: × 2 = 1.0000"), words[0]!);
  assert(words[1]!.endsWith("relu → 1.0000 (bias 0), dropped: 0 goes on"), words[1]!);
  const values = [...el.querySelectorAll(".fe-layer-dense .fe-value")].map((one) =>
    one.textContent
  );
  assertEquals(values, ["0.500 × 2 = 1.00", "1.000 × 2 = 0.00", "0.00", "P = 0.600"]);
  named("one batch on").click();
  assertEquals(crossed(), [true, true, false, false]);
  named("last batch").click();
  assertEquals(crossed(), [false, false, false, false]);
  close();
});

Deno.test("dropout: words below two layers are as long as there is room for", () => {
  const { network } = factsOf();
  const [input, hidden, output] = network.layers;
  const layers = [input, hidden, { ...output, dropouts: hidden.dropouts }];
  const below = (width: number, more: Partial<Facts>) => {
    const { el, close } = open(more, width);
    const words = el.querySelectorAll(".fe-dropped-count")[1].textContent;
    close();
    return words;
  };
  const two = { network: { ...network, layers } };
  assertEquals(
    [600, 320, 260, 160].map((width) => below(width, two)),
    ["1 dropped, the rest × 2", "1 dropped, × 2", "1 dropped", "1 ✕"],
  );
  assertEquals(below(160, {}), "1 dropped, the rest × 2");
});

Deno.test("dropout: at inference nothing is crossed, nothing multiplied", () => {
  const { el, crossed, find, say, close } = open({ training: false, scale: 1, scales: [1, 1, 1] });
  assertEquals(crossed(), [false, false, false, false]);
  assert(say().includes("at inference: nothing is dropped and nothing scaled"), say());
  assert(say().includes("the same answer, 0.6250"), say());
  const words = el.querySelector(".fe-layer-dense .fe-unit")!.getAttribute("aria-label")!;
  assert(!words.includes("kept") && !words.includes("×"), words);
  assert(find(".fe-networks").textContent!.startsWith("Here it is one network"));
  close();
});

Deno.test("dropout: sentences for none, one, all and other scales", () => {
  const say = (more: Partial<Facts>, frame: number) =>
    sentenceOf(framesOf(more)[0], factsOf(more), frame);
  assertEquals(
    say({}, 1),
    "Batch 2 of 4: 2 of 3 units dropped for row 1; the 1 that stays is doubled.",
  );
  assertEquals(
    say({}, 2),
    "Batch 3 of 4: 3 of 3 units dropped for row 1; nothing goes on from here, only the biases behind.",
  );
  assertEquals(
    say({}, 3),
    "Batch 4 of 4: 0 of 3 units dropped for row 1; all 3 stay and are doubled.",
  );
  assertEquals(
    say({ rate: 0.3, scale: 1 / 0.7 }, 0),
    "Batch 1 of 4: 1 of 3 units dropped for row 1; the 2 that stay are multiplied by 1.43.",
  );
  assertEquals(
    say({ row: 1 }, 1),
    "Batch 2 of 4: 2 of 3 units dropped for row 2; the 1 that stays is doubled.",
  );
});

Deno.test("dropout: the thinned networks are counted, and those seen", () => {
  assertEquals([1, 16, 128].map(powerOfTwo), ["2¹", "2¹⁶", "2¹²⁸"]);
  const [frames, facts] = framesOf({});
  assertEquals(
    networksSentence(frames, facts, 1),
    "3 units that stay or go make 2³ = 8 thinned networks, all with the same weights. " +
      "Seen so far: 4 different ones in 4 masks (2 batches of 2 rows); share dropped: 50.0\u00a0%.",
  );
  const exact = factsOf({ units: 128, networks: "340,282,366,920,938,463,463" });
  assert(networksSentence(frames, exact, 0).includes("2¹²⁸ = 340,\u200b282,"));
  const long = factsOf({ units: 4096, networks: "a number of 1,234 digits" });
  assert(networksSentence(frames, long, 0).includes("2⁴⁰⁹⁶ thinned networks (a number of 1,234"));
});

Deno.test("dropout: the mean of the output is told close or equal as it is", () => {
  const { find, named, publish, close } = open();
  const say = () => find(".fe-verdict").textContent!;
  named("one batch on").click();
  assert(
    say().includes("Over 2 masks the network's output averages 0.5500 ± 0.020; at inference"),
    say(),
  );
  assert(say().includes("No difference beyond chance so far"), say());
  named("last batch").click();
  assert(say().includes("Close, not equal"), say());
  publish(...messageOf({ linear: true }, 2));
  assert(say().includes("The output is linear in the units"), say());
  close();
});

Deno.test("dropout: a frame reached by scrubbing is the frame reached by stepping", () => {
  const { page, find, named, picture, say, close } = open();
  const pictures: string[] = [];
  for (let frame = 0; frame < 4; frame++) {
    pictures.push(picture() + say());
    named("one batch on").click();
  }
  assertEquals(new Set(pictures).size, 4);
  const range = find<HTMLInputElement>(".fe-player input");
  for (const frame of [1, 3, 0, 2]) {
    range.value = String(frame);
    page.fire(range, "input");
    assert(picture() + say() === pictures[frame], `frame ${frame}`);
  }
  close();
});

Deno.test("dropout: the grid paints a mark for every unit of every row, and a press chooses the row", () => {
  const { page, python, find, named, close } = open();
  const canvas = find<HTMLCanvasElement>(".fe-masks-grid");
  const rects = page.painted(canvas).filter(({ call }) => call === "fillRect").length;
  assert(rects >= 5, `${rects}`);
  page.fire(canvas, "click", { clientX: 60, clientY: 45 });
  assertEquals(python.traits.row, 1);
  const row = named<HTMLInputElement>("row of the batch");
  python.traits.row = 0;
  row.value = "9";
  page.fire(row, "change");
  assertEquals([python.traits.row, row.value], [1, "2"]);
  row.value = "";
  page.fire(row, "change");
  assertEquals(row.value, "1");
  close();
});

Deno.test("dropout: controls ask Python", () => {
  const { page, python, el, named, close } = open();
  const slide = named<HTMLInputElement>("rate, from 0 to 0.95");
  slide.value = "0.3";
  page.fire(slide, "input");
  assertEquals([named<HTMLInputElement>("rate").value, python.traits.rate], ["0.3", 0.5]);
  page.fire(slide, "change");
  assertEquals(python.traits.rate, 0.3);
  const saves = python.saves();
  const size = named<HTMLInputElement>("batch size");
  size.value = "";
  page.fire(size, "change");
  assertEquals([python.saves(), size.value], [saves, "2"]);
  const [, rest] = [...el.querySelectorAll<HTMLInputElement>("input[type=radio]")];
  page.fire(rest, "change");
  assertEquals(python.traits.training, false);
  assert(named("Dropout layer").closest<HTMLElement>(".fe-field")!.hidden);
  close();
});

Deno.test("dropout: several layers give a choice", () => {
  const { page, python, named, close } = open({ layers: ["first", "dropout"] });
  const layer = named<HTMLSelectElement>("Dropout layer");
  assert(!layer.closest<HTMLElement>(".fe-field")!.hidden);
  assertEquals([...layer.children].map((one) => one.textContent), ["first", "dropout"]);
  layer.value = "first";
  page.fire(layer, "change");
  assertEquals(python.traits.layer, "first");
  close();
});

Deno.test("dropout: the unit followed is the largest, or the one chosen or pressed", () => {
  const { page, el, named, close } = open();
  const choice = named<HTMLSelectElement>("unit whose mean is followed");
  assertEquals(choice.value, "1");
  choice.value = "2";
  page.fire(choice, "change");
  const hand = () =>
    [...el.querySelectorAll(".fe-unit-mean")].map((mark) => mark.classList.contains("fe-hand"));
  assertEquals(hand(), [false, false, true]);
  page.press(el.querySelectorAll(".fe-layer-dense .fe-unit")[0], "Enter");
  assertEquals(hand(), [true, false, false]);
  assertEquals(choice.value, "0");
  close();
});

Deno.test("dropout: the table says each unit's numbers of this batch", async () => {
  const { page, find, el, named, close } = open();
  const fold = [...el.querySelectorAll("details")][1] as HTMLDetailsElement;
  fold.open = true;
  page.fire(fold, "toggle");
  await Promise.resolve();
  named("one batch on").click();
  const rows = [...find("tbody").children].map((row) =>
    [...row.children].map((cell) => cell.textContent)
  );
  assertEquals(rows[0], [
    "1",
    "0.500000",
    "dropped ✕",
    "0",
    "0.500000",
    "0.353553",
    "0.500000",
  ]);
  assertEquals(rows[2][2], "kept");
  close();
});

Deno.test("dropout: a refused setting is said with a mark, and the picture stays", () => {
  const { python, find, picture, close } = open();
  const before = picture();
  python.change({ problem: "rate is 1: no unit would be left to scale up." });
  assertEquals(find(".fe-problem").textContent, "⚠ rate is 1: no unit would be left to scale up.");
  assertEquals([find(".fe-problem").hidden, picture()], [false, before]);
  close();
});

Deno.test("dropout: another run keeps the batch in hand", () => {
  const { named, say, publish, close } = open();
  named("one batch on").click();
  publish(...messageOf({ row: 1 }, 2));
  assert(say().startsWith("Batch 2 of 4: 2 of 3 units dropped for row 2"), say());
  close();
});

Deno.test("dropout: closing the view leaves no listener on the page or on the model", () => {
  const { page, python, close, controller } = open();
  controller.abort();
  assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
  close();
});
