import type { Bar, DevicesTraits } from "../../widgets/devices/traits.ts";
import view from "../../widgets/devices/view.ts";
import { assert, assertEquals } from "./assert.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Told = DevicesTraits & { _still: string };

function bar(name: string, seconds: number, scaled = ""): Bar {
  const told = `${seconds} s`;
  const way = name.split(",")[0];
  const times = { seconds, fastest: seconds, slowest: 2 * seconds, repetitions: 3 };
  return { name, way, threads: 1, told, scaled, ...times };
}

function open(bars: Bar[] = [], axis: number[] = []) {
  const page = openTensorPage();
  const controller = new AbortController();
  const python = fakeModel<Told>({
    title: "What computes here",
    status: "idle",
    report: { share: 0, doing: "", outcome: "", error: "" },
    facts: [["cores", "2 logical cores"], ["a Keras layer", 'inside `with tf.device("CPU:0")`']],
    bars: { bars, axis },
    said: ["The work: <b>two</b> matrices."],
    code: "import tensorflow as tf",
    _still: "",
  });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const find = (selector: string) => el.querySelector<HTMLElement>(selector)!;
  const close = () => {
    controller.abort();
    page.restore();
  };
  return { page, python, el, find, close, controller };
}

Deno.test("devices: facts stand there at once, code in them as code, and the button measures", () => {
  const { el, find, python, close } = open();
  assertEquals([...el.querySelectorAll("dt")].slice(0, 2).map((it) => it.textContent), [
    "cores",
    "a Keras layer",
  ]);
  assertEquals(find("dd code").textContent, 'with tf.device("CPU:0")');
  assert(find(".fe-bars").hasAttribute("hidden") && !find(".fe-empty").hasAttribute("hidden"));
  find(".fe-primary").click();
  assertEquals((python.sent.at(-1) as { kind: string }).kind, "measure");
  python.change({ status: "measuring" });
  python.change({ report: { share: 0.3, doing: "loading TensorFlow", outcome: "", error: "" } });
  assert(find(".fe-job-progress").textContent!.includes("loading TensorFlow"));
  assertEquals(find(".fe-hidden[role=status]").textContent, "loading TensorFlow");
  python.change({ report: { share: 0, doing: "", outcome: "failed", error: "It took too long." } });
  assertEquals(find("[role=alert]").textContent, "It took too long.");
  close();
});

Deno.test("devices: a bar is as long as the power of ten, and a scaled one says so", () => {
  const { el, find, close } = open(
    [bar("Python loop", 100, "96 × 96 took 0.1 s, times 1,000"), bar("NumPy, 1 thread", 0.1)],
    [-2, -1, 0, 1, 2],
  );
  const widths = [...el.querySelectorAll<HTMLElement>(".fe-bar")].map((it) => it.style.width);
  assertEquals(widths, ["100%", "25%"]);
  assertEquals([...el.querySelectorAll(".fe-bar-told")].map((it) => it.textContent), [
    "≈ 100 s",
    "0.1 s",
  ]);
  assert(find(".fe-bar-scaled") && el.querySelectorAll(".fe-bar-scaled").length === 1);
  assertEquals([...el.querySelectorAll(".fe-tick")].map((it) => it.textContent), [
    "10 ms",
    "100 ms",
    "1 s",
    "10 s",
    "100 s",
  ]);
  const rows = [...el.querySelectorAll("tbody tr")].map((it) =>
    [...it.children].map((cell) => cell.textContent).join(" ")
  );
  assertEquals(rows[1], "NumPy, 1 thread 0.1000 0.1000 0.2000 3 no");
  assert(rows[0].endsWith("96 × 96 took 0.1 s, times 1,000"));
  assertEquals(find(".fe-told b").textContent, "The work:");
  assert(find(".fe-told p").textContent!.includes("<b>two</b>"), "words are no markup");
  close();
});

Deno.test("devices: nothing is left after the signal", () => {
  const { page, close, python, controller } = open();
  assert(page.listeners() > 3);
  controller.abort();
  assertEquals(page.listeners(), 0);
  assertEquals((python.sent.at(-1) as { kind: string }).kind, "leave");
  close();
});
