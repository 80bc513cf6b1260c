/** The picture: a batch, two devices with a copy of the network each, the sum of their gradients, one device alone. */
import { h, number, text } from "../dom.ts";
import type { Palette } from "../plot/palette.ts";
import type { Frames, Values } from "../recording.ts";
import { createNet, MOST_UNITS } from "./net.ts";
import { createFlight } from "./flight.ts";
import { createStrip } from "./strip.ts";
import { type Moment, STAGES } from "./timeline.ts";
import type { Facts } from "./traits.ts";
import { apart, rowsOf, whole } from "./words.ts";

export interface Picture {
  readonly element: HTMLElement;
  /** Draw a moment; `share` is how far what moves has come. */
  draw(frames: Frames, facts: Facts, moment: Moment, palette: Palette, share: number): void;
}

export function createPicture(): Picture {
  const line = (name = "") => h("p", { class: `fe-number ${name}` });
  const deck = () => h("div", { class: "fe-deal", "aria-hidden": "true" });
  const box = (kind: string, title: string, ...parts: Node[]) =>
    h(
      "section",
      { class: `fe-box fe-${kind}`, role: "group", "aria-label": title },
      h("h3", {}, title),
      ...parts,
    );
  const device = (kind: string, title: string) => {
    const rows = line(), cells = deck(), net = createNet(`${title}: its copy of the network`);
    const gradient = line(), strip = createStrip(`${title}: its gradient`), weights = line();
    const top = [rows, cells, net.element];
    return { title, kind, rows, cells, net, gradient, strip, weights, top };
  };
  const [one, two, alone] = [
    device("one", "Device 1"),
    device("two", "Device 2"),
    device("alone", "For comparison: one device alone"),
  ];
  const pair = [one, two].map((made) => ({
    ...made,
    element: box(
      `device fe-device-${made.kind}`,
      made.title,
      ...made.top,
      made.gradient,
      made.strip.element,
      made.weights,
    ),
  }));
  const batchRows = line(), batchCells = deck();
  const batch = box("batch", "The batch", batchRows, batchCells);
  const sum = createStrip("the sum of both gradients"), told = line();
  const middle = box("reduce", "All-reduce: the sum of both", sum.element, told);
  const single = box(
    "alone",
    alone.title,
    h("div", {}, alone.rows, alone.cells),
    alone.net.element,
    h("div", {}, alone.gradient, alone.strip.element, alone.weights),
  );
  const strongest = h("span"), drawn = h("span");
  const key = h(
    "p",
    { class: "fe-legend fe-number" },
    h("span", {}, h("i", { class: "fe-above" }), "above 0"),
    h("span", {}, h("i", { class: "fe-below" }), "below 0"),
    strongest,
    drawn,
  );
  const flight = createFlight();
  const element = h(
    "div",
    { class: "fe-distributed" },
    batch,
    ...pair.map((made) => made.element),
    middle,
    single,
    key,
    flight.element,
  );

  /** As many squares as rows; the first ones are device 1's. */
  function deal(into: HTMLElement, first: number, second: number, there: boolean): void {
    const count = first + second;
    while (into.children.length > count) into.lastElementChild!.remove();
    while (into.children.length < count) into.append(h("i"));
    [...into.children].forEach((cell, at) => {
      cell.className = there ? at < first ? "fe-first" : "fe-second" : "";
    });
  }

  return {
    element,
    draw(frames, facts, { stage, update }, palette, share) {
      const step = stage === "start" ? -1 : STAGES.indexOf(stage);
      const [first, second] = frames.row("dealt", update);
      const rows = rowsOf(first + second, facts), moving = share < 1;
      const gradients = halves(frames.row("gradient", update));
      const reduced = frames.row("reduced", update);
      const lone = frames.row("single_gradient", update);
      const most = [...gradients, reduced, lone].reduce(largest, 0);
      // What was shown before the update stays until the sum has arrived.
      const after = stage === "update" && !moving ? update : Math.max(0, update - 1);
      element.dataset.stage = stage;

      text(batchRows, step < 0 ? "none dealt yet" : `${update} of ${facts.updates}: ${rows}`);
      deal(batchCells, first, second, step >= 0);
      pair.forEach((made, at) => {
        const count = at ? second : first;
        text(
          made.rows,
          step < 0
            ? facts.devices[at].replace("/device:", "")
            : `${rowsOf(count, facts)} of ${whole(first + second)}`,
        );
        deal(made.cells, at ? 0 : count, at ? count : 0, step > 0 || (step === 0 && !moving));
        made.net.draw(halves(frames.row("weights", after))[at], facts, palette);
        const part = stage === "gradient" ? share : 1;
        made.strip.draw(step >= 1 ? gradients[at] : null, most, palette, part);
        const length = number(frames.row("gradient_norm", update)[at]);
        text(made.gradient, step >= 1 ? `its gradient, length ${length}` : "its gradient");
        text(
          made.weights,
          `weights: difference from device ${2 - at}: ${
            apart(frames.value("replica_difference", after))
          }`,
        );
      });
      text(alone.rows, step < 0 ? facts.devices[0].replace("/device:", "") : `all ${rows}`);
      deal(alone.cells, first, second, step >= 0);
      alone.net.draw(frames.row("single_weights", after), facts, palette);
      alone.strip.draw(step >= 1 ? lone : null, most, palette, stage === "gradient" ? share : 1);
      text(alone.gradient, "its gradient of all rows");
      text(
        alone.weights,
        `weights: difference from device 1: ${apart(frames.value("single_difference", after))}`,
      );
      sum.draw(step > 2 || (step === 2 && !moving) ? reduced : null, most, palette);
      const length = number(frames.value("reduced_norm", update));
      text(
        told,
        step >= 2 ? `length ${length} · ${whole(facts.bytes)} bytes from and to each` : "",
      );
      batch.classList.toggle("fe-active", step === 0);
      middle.classList.toggle("fe-active", step === 2);
      for (const made of [...pair.map((each) => each.element), single]) {
        made.classList.toggle("fe-active", step === 1 || step === 3);
      }
      text(strongest, step >= 1 ? `the stronger the larger, up to ${number(most)}` : "");

      const wide = facts.weights.some(([, shape]) => Math.max(...shape) > MOST_UNITS);
      text(drawn, wide ? `of a layer up to ${MOST_UNITS} units are drawn` : "");

      if (!moving) return flight.show([]);
      flight.show(pair.flatMap(({ cells, strip, net }, at) => {
        switch (stage) {
          case "deal":
            return flight.dealing(
              [...batchCells.children].slice(at * first),
              [...cells.children],
              at ? palette.width : palette.best,
              share,
            );
          case "reduce":
            return flight.between(
              strip.element,
              sum.element,
              strip.cells(gradients[at], most, palette),
              share,
            );
          case "update":
            return flight.between(
              sum.element,
              net.element,
              sum.cells(reduced, most, palette),
              share,
            );
          default:
            return [];
        }
      }));
    },
  };
}

function halves(values: Values): Values[] {
  const size = values.length / 2;
  return [values.subarray(0, size), values.subarray(size)] as Values[];
}

function largest(most: number, values: Values): number {
  let found = most;
  for (const value of values) if (Math.abs(value) > found) found = Math.abs(value);
  return found;
}
