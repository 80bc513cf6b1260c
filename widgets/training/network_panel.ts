/** The network beside the curves: the picture of NetworkView, what Dropout dropped, and the row followed under the curves. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { walk } from "../network/follow.ts";
import { createNetwork } from "../network/network.ts";
import { createPatient, type PatientTraits } from "../network/patient.ts";
import type { Frames } from "../recording.ts";
import { createPrediction } from "./prediction.ts";
import { networkSentence, networkState } from "./story.ts";
import type { TrainingTraits } from "./traits.ts";

export interface NetworkPanel {
  element: HTMLElement;
  /** The row followed: chooses it, and draws what the network answers for it. */
  followed: HTMLElement;
  /** What the network answers for the row followed, in words; empty where that is not shown. */
  readonly words: string;
  show(frames: Frames, frame: number): void;
}

export function createNetworkPanel(
  model: AnyModel<TrainingTraits>,
  signal: AbortSignal,
): NetworkPanel {
  let frames: Frames | null = null, frame = -1;
  const { noun } = model.get("chosen");
  const droppedWords = `dropped for the first ${noun} of this batch; every ${noun} draws its own`;
  const network = createNetwork({ signal, walk, droppedWords });
  const training = h("input", { type: "checkbox" });
  training.checked = true;
  const label = h("label", { class: "fe-inline" }, training, "show what this batch dropped");
  training.addEventListener("change", () => draw(), { signal });
  const patient = createPatient(model as unknown as AnyModel<PatientTraits>, signal, () => {
    training.checked = false;
    draw();
    element.scrollIntoView({ block: "nearest" });
    network.follow();
  });
  const prediction = createPrediction(model);
  const words = h("p", { class: "fe-note" });
  const element = h(
    "section",
    { class: "fe-training-network", role: "group", "aria-label": "The network", hidden: true },
    network.element,
    words,
    label,
  );
  const followed = h("div", { hidden: true }, patient.element, prediction.element);

  function draw() {
    const drawn = frames && frame >= 0 && frame < frames.length
      ? networkState(frames, frame, training.checked)
      : null;
    element.hidden = followed.hidden = !drawn;
    if (!drawn) return;
    prediction.show(frames!, frame);
    label.hidden = !frames!.has("dropped");
    network.draw(drawn.plan, drawn.state);
    const { plan, state } = drawn;
    const answers = () =>
      networkSentence(plan, state, model.get("chosen"), model.get("patient"), model.get("choices"));
    text(
      words,
      state.dropped || !prediction.words
        ? answers()
        : `Inference, nothing dropped: the circles show what each unit gives for this ${noun}.`,
    );
  }
  listen(model, ["chosen", "patient"], signal, () => {
    patient.update();
    draw();
  });
  listen(model, ["report"], signal, () => prediction.refit());
  patient.update();
  return {
    element,
    followed,
    get words() {
      return prediction.words;
    },
    show(received, shown) {
      frames = received;
      frame = shown;
      draw();
    },
  };
}
