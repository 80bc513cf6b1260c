/** The settings: each goes to Python, which answers with another recording. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, part, text } from "../dom.ts";
import type { EpochTraits } from "./traits.ts";

export interface Form {
  readonly element: HTMLElement;
  /** Show the settings as they stand. */
  update(): void;
}

const NOTCHES = 1000;

/** The slider goes by equal factors, so that 1, 2, 4 ... n are equally far apart. */
export function batchAt(notch: number, rows: number): number {
  return Math.max(1, Math.min(rows, Math.round(rows ** (notch / NOTCHES))));
}

export function notchOf(batch: number, rows: number): number {
  return rows > 1 ? Math.round(NOTCHES * Math.log(batch) / Math.log(rows)) : 0;
}

const RATES = [-4, 3];

export function createForm(model: AnyModel<EpochTraits>, signal: AbortSignal): Form {
  const rows = () => model.get("report").rows ?? 1;
  const send = <K extends keyof EpochTraits & string>(name: K, value: EpochTraits[K]) => {
    model.set(name, value);
    model.save_changes();
  };
  const field = (name: string, ...controls: (Node | string)[]) =>
    h(
      "div",
      { class: "fe-field" },
      h("span", { class: "fe-field-name", "aria-hidden": "true" }, name),
      ...controls,
    );
  const numeric = (
    name: string,
    key: "batch_size" | "learning_rate" | "epochs" | "seed",
    step: string,
  ) => {
    const made = h("input", { type: "number", "aria-label": name, step, class: "fe-number" });
    made.addEventListener("change", () => {
      // An empty field is no number: Python would have no sentence for it.
      if (made.value !== "" && Number.isFinite(made.valueAsNumber)) send(key, made.valueAsNumber);
      else update();
    }, { signal });
    return made;
  };
  const choice = (name: string, pick: (value: string) => void) => {
    const made = h("select", { "aria-label": name });
    made.addEventListener("change", () => pick(made.value), { signal });
    return made;
  };
  const tick = (name: string, key: "shuffle" | "fan") => {
    const made = h("input", { type: "checkbox" });
    made.addEventListener("change", () => send(key, made.checked), { signal });
    return { made, label: part(key, h("label", { class: "fe-inline" }, made, name)) };
  };

  const batch = numeric("batch size", "batch_size", "1");
  const slide = h("input", {
    type: "range",
    min: 0,
    max: NOTCHES,
    step: 1,
    "aria-label": "batch size, from 1 to all rows",
  });
  slide.addEventListener("input", () => {
    const wanted = batchAt(Number(slide.value), rows());
    batch.value = String(wanted);
    say(wanted);
    if (wanted !== model.get("batch_size")) send("batch_size", wanted);
  }, { signal });
  slide.addEventListener("keydown", (event) => {
    const by = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: 10,
      PageDown: -10,
    }[event.key];
    if (!by) return;
    // By keys one row at a time: a notch may be many, or none.
    event.preventDefault();
    const wanted = Math.max(1, Math.min(rows(), model.get("batch_size") + by));
    if (wanted !== model.get("batch_size")) send("batch_size", wanted);
    update();
  }, { signal });
  const rate = numeric("learning rate α", "learning_rate", "any");
  const rateSlide = h("input", {
    type: "range",
    min: RATES[0],
    max: RATES[1],
    step: 0.05,
    "aria-label": "learning rate, from 0.0001 to 1000",
  });
  rateSlide.addEventListener("input", () => {
    const wanted = Number((10 ** Number(rateSlide.value)).toPrecision(2));
    rate.value = String(wanted);
    send("learning_rate", wanted);
  }, { signal });
  const epochs = numeric("epochs", "epochs", "1");
  const seed = numeric("seed", "seed", "1");
  const shuffle = tick("shuffle", "shuffle");
  const fan = tick("steps of all batches", "fan");
  const kind = choice("model", (value) => send("model", value as EpochTraits["model"]));
  kind.append(
    h("option", { value: "logistic" }, "logistic, 2 weights"),
    h("option", { value: "network" }, "network"),
  );
  const plane = choice(
    "plane of the picture",
    (value) => send("plane", value as EpochTraits["plane"]),
  );
  plane.append(
    h("option", { value: "pca" }, "PCA of the paths"),
    h("option", { value: "random" }, "random, filter-normalised"),
  );
  const pair = [0, 1].map((place) =>
    choice(place ? "second feature" : "first feature", (value) => {
      const now = [...model.get("features")];
      // Choosing the other axis's feature swaps the two.
      if (now[1 - place] === value) now[1 - place] = now[place];
      now[place] = value;
      send("features", now);
    })
  );
  const features = part("features", field("features", ...pair));
  const planes = part("plane", field("plane", plane));

  const element = h(
    "div",
    {
      class: "fe-settings fe-epoch-form",
      role: "group",
      "aria-label": "settings",
      "data-fe-part": "settings",
    },
    part("batch_size", field("batch size", slide, batch)),
    part("learning_rate", field("learning rate α", rateSlide, rate)),
    part("epochs", field("epochs", epochs)),
    part("model", field("model", kind)),
    features,
    planes,
    part("seed", field("seed", seed)),
    h("div", { class: "fe-field" }, shuffle.label, fan.label),
  );

  function say(size: number): void {
    slide.setAttribute(
      "aria-valuetext",
      size === rows() ? `all ${size} rows` : `${size} of ${rows()} rows`,
    );
  }

  function options(select: HTMLSelectElement, names: string[], chosen: string): void {
    if (
      select.children.length !== names.length ||
      names.some((name, at) => select.children[at].textContent !== name)
    ) {
      select.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
    }
    select.value = chosen;
  }

  function update(): void {
    const report = model.get("report");
    fill(batch, String(model.get("batch_size")));
    // Several notches may be one batch size.
    if (batchAt(Number(slide.value), rows()) !== model.get("batch_size")) {
      fill(slide, String(notchOf(model.get("batch_size"), rows())));
    }
    say(model.get("batch_size"));
    fill(rate, String(model.get("learning_rate")));
    fill(rateSlide, String(Math.log10(model.get("learning_rate"))));
    rateSlide.setAttribute("aria-valuetext", String(model.get("learning_rate")));
    fill(epochs, String(model.get("epochs")));
    fill(seed, String(model.get("seed")));
    shuffle.made.checked = model.get("shuffle");
    fan.made.checked = model.get("fan");
    kind.value = model.get("model");
    plane.value = model.get("plane");
    const network = model.get("model") === "network";
    features.hidden = network || (report.inputs?.length ?? 0) <= 2;
    planes.hidden = !network;
    pair.forEach((select, place) =>
      options(select, report.inputs ?? [], model.get("features")[place])
    );
    text(
      kind.children[1],
      `network, ${16 * (report.inputs?.length ?? 0) + 33} weights`,
    );
  }
  return { element, update };
}
