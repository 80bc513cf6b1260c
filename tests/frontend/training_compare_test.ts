import type { AnyModel } from "@anywidget/types";
import { type Compared, createCompare } from "../../widgets/training/compare.ts";
import { createExport } from "../../widgets/training/export.ts";
import { createRuns } from "../../widgets/training/runs.ts";
import { atPosition } from "../../widgets/training/story.ts";
import type { Choices, Report, RunRow, TrainingTraits } from "../../widgets/training/traits.ts";
import { Frames } from "../../widgets/recording.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

const row = (run: number): RunRow => ({
  run,
  settings: `${run} relu`,
  epochs: 30,
  outcome: "finished",
  loss: 0.25,
  val_loss: 0.5,
  val_metric: 40 / 49,
  best: 12,
  restored: null,
  metric: "accuracy",
  has_test: true,
  test: null,
});

const COMPARISON: TrainingTraits["comparison"] = {
  run: 3,
  other: 1,
  settings: [["units", "8", "16"]],
  results: [["lowest validation loss", "0.52", "0.45", "+0.077"]],
  words: ["Only one setting differs: units.", "A difference of 1 of 49 patients."],
};

/** Loss, validation loss, metric and its validation of two epochs. */
const CURVES = [0.9, 0.8, 0.95, 0.85, 0.5, 0.625, NaN, 0.75];

function bytes(values: number[]): DataView<ArrayBuffer> {
  // A buffer may begin anywhere in what the socket brought.
  const held = new Uint8Array(8 * values.length + 3);
  held.set(new Uint8Array(new Float64Array(values).buffer), 3);
  return new DataView(held.buffer, 3);
}

function open(traits: Partial<TrainingTraits>) {
  const page = openPage();
  const values: Record<string, unknown> = {
    report: { run: 3, epoch: 2, outcome: "finished" },
    runs: [row(1), row(2), row(3)],
    compared: 0,
    comparison: null,
    compared_curves: bytes([]),
    ...traits,
  };
  const sent: Record<string, unknown>[] = [];
  const heard = new Map<string, (content: unknown, buffers: DataView[]) => void>();
  const model = {
    get: (name: string) => values[name],
    set: (name: string, value: unknown) => values[name] = value,
    save_changes: () => sent.push({ compared: values.compared }),
    send: (content: Record<string, unknown>) => sent.push(content),
    on: (name: string, call: () => void) => heard.set(name, call),
    off: (name: string) => heard.delete(name),
  } as unknown as AnyModel<TrainingTraits>;
  const controller = new AbortController();
  return {
    page,
    values,
    sent,
    heard,
    model,
    signal: controller.signal,
    event: (type: string) => new (page.document.defaultView!.Event)(type),
    close() {
      controller.abort();
      assertEquals(page.listeners(), 0);
      assertEquals(heard.size, 0);
      page.restore();
    },
  };
}

Deno.test("compare: any kept run but the one on the card is offered", () => {
  const { model, signal, sent, event, values, close } = open({});
  const compare = createCompare(model, signal);
  compare.update();
  const select = compare.choice.querySelector("select")!;
  assertEquals([...select.querySelectorAll("option")].map((one) => one.textContent), [
    "no other run",
    "run 1: 1 relu",
    "run 2: 2 relu",
  ]);
  assert(!compare.choice.hasAttribute("hidden"));
  select.value = "2";
  select.dispatchEvent(event("change"));
  assertEquals(sent, [{ compared: 2 }]);
  values.compared = 2;
  compare.update();
  assertEquals(select.value, "2");
  values.runs = [row(3)];
  compare.update();
  assert(compare.choice.hidden, "there is nothing to compare with");
  assert(compare.element.hasAttribute("hidden"));
  assertEquals([compare.other(), compare.legend()], [null, ""]);
  close();
});

Deno.test("compare: what differs stands in a table, with Python's sentences", () => {
  const { model, signal, values, close } = open({
    comparison: COMPARISON,
    compared_curves: bytes(CURVES),
  });
  const compare = createCompare(model, signal);
  compare.update();
  const cells = [...compare.element.querySelectorAll("tr")]
    .map((tr) => [...tr.children].map((cell) => cell.textContent));
  assertEquals(cells, [
    ["", "run 3", "◆ run 1", "difference"],
    ["units", "8", "16", "differs"],
    ["lowest validation loss", "0.52", "0.45", "+0.077"],
  ]);
  assert(compare.element.textContent!.includes("A difference of 1 of 49 patients."));
  assertEquals(compare.legend(), "lines with ◆: run 1; without: run 3");
  const other = compare.other()!;
  assertEquals([other.run, other.epochs, other.value("val_loss", 2)], [1, 2, 0.85]);
  assertEquals([other.value("metric", 1), other.value("loss", 3)], [0.5, NaN]);
  values.comparison = null;
  compare.update();
  assert(compare.element.hidden);
  assertEquals(compare.legend(), "");
  close();
});

Deno.test("compare: hovering tells both runs, also where the one on the card has ended", () => {
  const frames = new Frames();
  const names = ["epoch", "batch", "loss", "val_loss", "metric", "val_metric"];
  const rows = [[0], [-1], [0.7], [0.75], [0.25], [NaN]];
  frames.append(
    {
      kind: "frames",
      run: 1,
      start: 0,
      stop: 1,
      arrays: names.map((name) => ({ name, dtype: "float64", shape: [1] })),
    },
    rows.map((values) => new DataView(new Float64Array(values).buffer)),
  );
  const report = { run: 3, metric: "accuracy" } as Report;
  const other: Compared = {
    run: 1,
    epochs: 2,
    value: (name, epoch) =>
      CURVES[["loss", "val_loss", "metric", "val_metric"].indexOf(name) * 2 + epoch - 1],
  };
  assertEquals(atPosition(frames, report, 1.2), {
    x: 1,
    lines: [
      "epoch 1",
      "training loss 0.700000",
      "validation loss 0.750000",
      "training accuracy 25.0 %",
    ],
  });
  assertEquals(atPosition(frames, report, 1.2, other), {
    x: 1,
    lines: [
      "epoch 1 · run 3 ◆ run 1",
      "training loss 0.700000 ◆ 0.900000",
      "validation loss 0.750000 ◆ 0.950000",
      "training accuracy 25.0 % ◆ 50.0 %",
    ],
  });
  assertEquals(atPosition(frames, report, 9, other)!.lines, [
    "epoch 2 · run 3 ◆ run 1",
    "training loss – ◆ 0.800000",
    "validation loss – ◆ 0.850000",
    "training accuracy – ◆ 62.5 %",
    "validation accuracy – ◆ 75.0 %",
  ]);
});

Deno.test("runs: every cell knows its head, for where the table is too narrow for columns", () => {
  const { signal, close } = open({});
  const runs = createRuns(signal, {} as Choices, () => {});
  runs.update([{ ...row(1), metric: "mae", val_metric: 0.5 }], 1, false);
  const cells = [...runs.element.querySelectorAll("td")];
  assertEquals(cells.map((cell) => [cell.getAttribute("data-name"), cell.textContent]), [
    [null, "1 relu"],
    ["epochs", "30"],
    ["best", "12"],
    ["val loss", "0.500"],
    ["val mae", "0.500"],
    ["test", "sealed"],
  ]);
  close();
});

function fileFold(traits: Partial<TrainingTraits>) {
  const view = open(traits);
  const made: Blob[] = [], clicked: string[] = [], revoked: string[] = [];
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (blob: Blob | MediaSource) => `blob:${made.push(blob as Blob)}`;
  URL.revokeObjectURL = (url: string) => void revoked.push(url);
  const anchor = Object.getPrototypeOf(view.page.document.createElement("a"));
  anchor.click = function (this: HTMLAnchorElement) {
    clicked.push(`${this.getAttribute("href")} ${this.getAttribute("download")}`);
  };
  const fold = createExport(view.model, view.signal);
  fold.update();
  return {
    ...view,
    fold,
    made,
    clicked,
    revoked,
    buttons: [...fold.element.querySelectorAll("button")],
    told: () => fold.element.querySelector("[role=status]")!.textContent,
    receive: (content: unknown, buffers: DataView[] = []) =>
      view.heard.get("msg:custom")!(content, buffers),
    close() {
      view.close();
      Object.assign(URL, { createObjectURL, revokeObjectURL });
    },
  };
}

Deno.test("export: a button asks for one file of the run on the card, and what comes is saved", async () => {
  const view = fileFold({});
  assertEquals(view.buttons.map((one) => one.textContent), [
    "Numbers (csv)",
    "Recording",
    "Keras model",
    "Python code",
    "Curves (SVG)",
    "Curves (PNG)",
  ]);
  view.buttons[2].dispatchEvent(view.event("click"));
  const { asked, ...rest } = view.sent[0];
  assertEquals(rest, { kind: "export", file: "keras", run: 3 });
  assertEquals(view.told(), "Making run_3.keras …");
  const file = bytes([1, 2]);
  view.receive({ kind: "file", asked: "of another view", name: "run_3.png" }, [file]);
  assertEquals(view.clicked, []);
  view.receive({ kind: "file", asked, name: "run_3.keras" }, [file]);
  assertEquals(view.clicked, ["blob:1 run_3.keras"]);
  assertEquals(new Float64Array(await view.made[0].arrayBuffer()), new Float64Array([1, 2]));
  assertEquals(view.told(), "run_3.keras (1 kB) went to your downloads.");
  assertEquals(view.fold.element.querySelectorAll("a").length, 0);
  view.receive({ kind: "file", asked, name: "run_3.keras" }, [file]);
  assertEquals(view.clicked.length, 1);
  view.close();
  assertEquals(view.revoked, ["blob:1"]);
});

Deno.test("export: a failure is a sentence", () => {
  const view = fileFold({});
  view.buttons[0].dispatchEvent(view.event("click"));
  view.receive({
    kind: "file",
    asked: view.sent[0].asked,
    problem: "This run is not kept any more.",
  });
  assertEquals([view.told(), view.clicked.length], ["This run is not kept any more.", 0]);
  view.close();
});

Deno.test("export: a disabled button says why", () => {
  for (
    const [report, words] of [
      [{ run: 0, epoch: 0, outcome: "" }, "Train first"],
      [{ run: 3, epoch: 7, outcome: "" }, "Run 3 is going on"],
      [{ run: 3, epoch: 0, outcome: "failed" }, "ended before its first epoch"],
    ] as const
  ) {
    const view = fileFold({ report: report as Report });
    assert(view.buttons.every((one) => one.disabled && one.title.includes(words)));
    assert(view.fold.element.textContent!.includes(words));
    view.close();
  }
  const view = fileFold({ report: { run: 3, epoch: 7, outcome: "failed" } as Report });
  assert(view.buttons.every((one) => !one.disabled));
  view.close();
});
