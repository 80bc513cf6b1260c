/** The control bar: Train / Pause / Step / Stop / Reset, progress, speed. Sends commands; Python decides. */
import type { AnyModel } from "@anywidget/types";
import { h, number, part, text } from "../dom.ts";
import { icon, ICONS, setIcon } from "../playback/icons.ts";
import type { Status, TrainingTraits } from "./traits.ts";

const running: Status[] = ["loading", "training", "stopping"];

export function createControls(
  model: AnyModel<TrainingTraits>,
  signal: AbortSignal,
  send: (kind: string) => void,
): { element: HTMLElement; update(): void } {
  const button = (glyph: keyof typeof ICONS, label: string, primary = false) => {
    const words = h("span", {}, label);
    const element = h("button", { type: "button", class: primary ? "fe-primary" : null });
    element.append(icon(document, glyph), words);
    return { element, words };
  };
  const main = button("play", "Train", true);
  const step = button("step", "Step");
  const stop = button("stop", "Stop");
  const reset = button("reset", "Reset");
  let command = "train";

  main.element.addEventListener("click", () => send(command), { signal });
  step.element.addEventListener("click", () => send("step"), { signal });
  stop.element.addEventListener("click", () => {
    text(stop.words, "Stopping…");
    stop.element.disabled = true;
    send("stop");
  }, { signal });
  reset.element.addEventListener("click", () => send("reset"), { signal });

  const progress = h("progress", { max: 1, value: 0, "aria-label": "epochs trained" });
  const count = h("span", { class: "fe-number" });
  const rate = h("span", { class: "fe-rate" });
  const speed = h(
    "select",
    {},
    ...model.get("choices").speeds.map((value) => h("option", { value }, value)),
  );
  speed.addEventListener("change", () => {
    model.set("speed", speed.value);
    model.save_changes();
  }, { signal });
  const pending = h("p", { class: "fe-note", role: "status", hidden: true });

  const update = () => {
    const status = model.get("status"), report = model.get("report");
    const going = running.includes(status);
    command = status === "paused"
      ? "resume"
      : status === "training" || status === "loading"
      ? "pause"
      : "train";
    const label = { train: "Train", resume: "Resume", pause: "Pause" }[command]!;
    text(main.words, status === "loading" ? "Loading Keras…" : label);
    setIcon(main.element.querySelector("svg")!, command === "pause" ? "pause" : "play");
    const problem = model.get("problem");
    main.element.disabled = status === "loading" || status === "stopping" ||
      (command === "train" && problem !== "");
    main.element.title = command === "train" ? problem : "";
    step.element.disabled = going || (status !== "paused" && problem !== "");
    const unit = status === "paused" && model.get("speed").includes("batch") ? "batch" : "epoch";
    step.element.title = going ? "Pause first" : `Train one ${unit}`;
    stop.element.disabled = !(going || status === "paused") || status === "stopping";
    stop.element.title = stop.element.disabled && status !== "stopping"
      ? "Nothing is training"
      : "";
    text(stop.words, status === "stopping" ? "Stopping…" : "Stop");
    reset.element.disabled = status === "idle";
    reset.element.title = status === "idle"
      ? "There is nothing to reset"
      : "Back to an untrained network";
    progress.max = report.planned ?? model.get("epochs");
    progress.value = report.epoch;
    text(count, report.planned ? `epoch ${report.epoch} / ${report.planned}` : "");
    text(rate, report.rate && going ? `${number(report.rate, 2)} epochs a second` : "");
    speed.value = model.get("speed");
    const waiting = model.get("pending");
    pending.hidden = waiting.length === 0;
    text(
      pending,
      waiting.length
        ? `${waiting.join(", ").replaceAll("_", " ")}: changed. ${
          going || status === "paused"
            ? "This run goes on with its own settings; the change waits for the next one."
            : "Press Train for a run with the new settings; this one is kept for comparison."
        }`
        : "",
    );
  };
  const element = h(
    "div",
    { class: "fe-controls", role: "group", "aria-label": "Training", "data-fe-part": "controls" },
    h(
      "div",
      { class: "fe-control-row" },
      main.element,
      step.element,
      stop.element,
      reset.element,
      h("span", { class: "fe-progress" }, progress, count, rate),
      part("speed", h("label", { class: "fe-inline" }, "speed", speed)),
    ),
    pending,
  );
  update();
  return { element, update };
}
