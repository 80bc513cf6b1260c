/** The fold with the files of a run: Python makes the one that is asked for, the page saves it as a download. */
import type { AnyModel } from "@anywidget/types";
import { h, text, uniqueId } from "../dom.ts";
import type { TrainingTraits } from "./traits.ts";

const FILES: [kind: string, label: string, words: string][] = [
  ["csv", "Numbers (csv)", "one row an epoch, counted from 0 as Keras does; for a spreadsheet"],
  ["recording", "Recording", "all that was recorded: open it with widgets.Recording.load(…)"],
  ["keras", "Keras model", "the trained network: open it with keras.models.load_model(…)"],
  ["py", "Python code", "the Keras program that repeats the run"],
  ["svg", "Curves (SVG)", "a picture of any size, for a report"],
  ["png", "Curves (PNG)", "a picture for slides and messages"],
];

interface Answer {
  kind: string;
  asked: string;
  name?: string;
  problem?: string;
}

export function createExport(
  model: AnyModel<TrainingTraits>,
  signal: AbortSignal,
): { element: HTMLElement; update(): void } {
  let asked = "", saved = "";
  const told = h("p", { class: "fe-number", role: "status" });
  const buttons = FILES.map(([file, label]) => {
    const button = h("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      const { run } = model.get("report");
      asked = uniqueId();
      text(told, `Making run_${run}.${file} …`);
      model.send({ kind: "export", asked, file, run });
    }, { signal });
    return button;
  });
  const list = h(
    "ul",
    { class: "fe-files" },
    ...FILES.map(([, , words], at) => h("li", {}, buttons[at], h("span", {}, words))),
  );
  const why = h("p");
  const element = h(
    "details",
    { "data-fe-part": "files" },
    h("summary", {}, "Take this run with you"),
    why,
    list,
    told,
  );

  const save = (name: string, bytes: DataView) => {
    if (saved) URL.revokeObjectURL(saved);
    saved = URL.createObjectURL(new Blob([bytes as DataView<ArrayBuffer>]));
    const link = h("a", { href: saved, download: name, hidden: true });
    element.append(link);
    link.click();
    link.remove();
  };
  const receive = (answer: Answer, buffers: DataView[]) => {
    if (answer?.kind !== "file" || answer.asked !== asked) return;
    asked = "";
    if (answer.name === undefined) return text(told, answer.problem ?? "");
    save(answer.name, buffers[0]);
    const size = Math.ceil(buffers[0].byteLength / 1000).toLocaleString("en");
    text(told, `${answer.name} (${size} kB) went to your downloads.`);
  };
  model.on("msg:custom", receive);
  signal.addEventListener("abort", () => {
    model.off("msg:custom", receive);
    if (saved) URL.revokeObjectURL(saved);
  });

  return {
    element,
    update() {
      const { run, epoch, outcome } = model.get("report");
      const reason = run === 0
        ? "Train first: then the files of the run can be had here."
        : !outcome
        ? `Run ${run} is going on: its files can be had when it has ended.`
        : epoch === 0
        ? `Run ${run} ended before its first epoch: there is nothing to save.`
        : "";
      text(why, reason || `The files of run ${run}, the one on this card.`);
      for (const button of buttons) {
        button.disabled = !!reason;
        button.title = reason;
      }
    },
  };
}
