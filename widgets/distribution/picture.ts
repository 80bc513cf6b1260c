/** The picture: a batch, two devices with a copy of the network each, the sum of their gradients, one device alone. */
import { h, number, text } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import { css, type Palette } from "../plot/palette.ts";
import type { Frames, Values } from "../recording.ts";
import { createNet } from "./net.ts";
import { type Cell, createStrip, paint, type Strip } from "./strip.ts";
import { type Moment, STAGES } from "./timeline.ts";
import type { Facts } from "./traits.ts";
import { apart, rowsOf, whole } from "./words.ts";

export interface Picture {
  readonly element: HTMLElement;
  /** Draw a moment; `share` is how far what moves has come. */
  draw(frames: Frames, facts: Facts, moment: Moment, palette: Palette, share: number): void;
}

interface Device {
  element: HTMLElement;
  rows: HTMLElement;
  rowsTold: HTMLElement;
  net: ReturnType<typeof createNet>;
  strip: Strip;
  gradient: HTMLElement;
  weights: HTMLElement;
}

export function createPicture(): Picture {
  const batchHead = h("span", { class: "fe-number" });
  const batchRows = h("div", { class: "fe-deal" });
  const batch = h(
    "section",
    { class: "fe-batch", "aria-label": "the batch" },
    h("h3", {}, "The batch"),
    batchHead,
    batchRows,
  );
  const device = (kind: string, title: string): Device => {
    const made = {
      rows: h("div", { class: "fe-deal" }),
      rowsTold: h("p", { class: "fe-number" }),
      net: createNet(`${title}: its copy of the network`),
      strip: createStrip(`${title}: its gradient`),
      gradient: h("p", { class: "fe-number" }),
      weights: h("p", { class: "fe-number fe-same" }),
    };
    const element = h(
      "section",
      { class: `fe-device fe-device-${kind}`, "aria-label": title },
      h("h3", {}, title),
      made.rowsTold,
      made.rows,
      made.net.element,
      made.gradient,
      made.strip.element,
      made.weights,
    );
    return { ...made, element };
  };
  const devices = [device("one", "Device 1"), device("two", "Device 2")];
  const alone = device("alone", "For comparison: one device alone");
  const sum = createStrip("the sum of both gradients");
  const told = h("p", { class: "fe-number" });
  const middle = h(
    "section",
    { class: "fe-reduce", "aria-label": "all-reduce" },
    h("h3", {}, "All-reduce: the sum"),
    sum.element,
    told,
  );
  const key = h("p", { class: "fe-legend fe-number" });
  const flight = h("canvas", { class: "fe-flight", "aria-hidden": "true" });
  const element = h(
    "div",
    { class: "fe-distributed" },
    h("div", { class: "fe-together" }, batch, ...devices.map((one) => one.element), middle),
    alone.element,
    key,
    flight,
  );

  function deal(into: HTMLElement, count: number, first: number, lit: boolean): void {
    while (into.children.length > count) into.lastElementChild!.remove();
    while (into.children.length < count) into.append(h("i"));
    [...into.children].forEach((cell, at) => {
      cell.className = at < first ? "fe-first" : "fe-second";
      cell.classList.toggle("fe-waits", !lit);
    });
  }

  function fly(cells: Cell[][], share: number): void {
    flight.hidden = share >= 1 || !cells.some((some) => some.length);
    if (flight.hidden) return;
    const pen = flight.getContext("2d");
    if (!pen) return;
    flight.style.width = `${element.clientWidth}px`;
    clearCanvas(flight, pen, element.clientWidth, element.clientHeight);
    for (const some of cells) paint(pen, some);
  }

  /** Cells `share` of the way from one element to another. */
  function between(from: Element, to: Element, cells: Cell[], share: number): Cell[] {
    const [a, b, outer] = [from, to, element].map((one) => one.getBoundingClientRect());
    const scale = b.width / (a.width || 1);
    return cells.map(({ x, y, size, colour }) => ({
      x: a.left - outer.left + x + share * (b.left - a.left + x * (scale - 1)),
      y: a.top - outer.top + y + share * (b.top - a.top),
      size,
      colour,
    }));
  }

  function rowCells(
    from: HTMLElement,
    to: HTMLElement,
    skip: number,
    colour: string,
    share: number,
  ): Cell[] {
    const outer = element.getBoundingClientRect();
    return [...to.children].flatMap((goal, at) => {
      const source = from.children[skip + at];
      if (!source) return [];
      const [a, b] = [source, goal].map((one) => one.getBoundingClientRect());
      const delay = (0.5 * at) / to.children.length;
      const way = Math.max(0, Math.min(1, (share - delay) / 0.5));
      return [{
        x: a.left - outer.left + way * (b.left - a.left),
        y: a.top - outer.top + way * (b.top - a.top),
        size: a.width,
        colour,
      }];
    });
  }

  return {
    element,
    draw(frames, facts, { stage, update }, palette, share) {
      const step = stage === "start" ? -1 : STAGES.indexOf(stage);
      const [first, second] = frames.row("dealt", update);
      const gradients = parts(frames.row("gradient", update), facts.parameters);
      const reduced = frames.row("reduced", update);
      const single = frames.row("single_gradient", update);
      const most = [...gradients, reduced, single].reduce(largest, 0);
      const shown = stage === "update" ? update : Math.max(0, update - 1);
      const moving = share < 1;

      text(
        batchHead,
        step < 0
          ? "none dealt yet"
          : `${whole(update)} of ${whole(facts.updates)}: ${rowsOf(first + second, facts)}`,
      );
      deal(batchRows, first + second, first, step >= 0);
      devices.forEach((one, at) => {
        const count = at ? second : first;
        text(
          one.rowsTold,
          step < 0 ? facts.devices[at] : `${rowsOf(count, facts)} of ${whole(first + second)}`,
        );
        deal(one.rows, count, at ? 0 : count, step > 0 || (step === 0 && !moving));
        one.net.draw(parts(frames.row("weights", shown), facts.parameters)[at], facts, palette);
        const there = step >= 1;
        one.strip.draw(
          there ? gradients[at] : null,
          most,
          palette,
          stage === "gradient" ? share : 1,
        );
        text(
          one.gradient,
          there
            ? `gradient, length ${number(frames.row("gradient_norm", update)[at])}`
            : "gradient",
        );
        text(
          one.weights,
          `weights: difference from device ${2 - at}: ${
            apart(frames.value("replica_difference", shown))
          }`,
        );
      });
      text(alone.rowsTold, step < 0 ? facts.devices[0] : `all ${rowsOf(first + second, facts)}`);
      deal(alone.rows, first + second, 0, step >= 0);
      alone.net.draw(frames.row("single_weights", shown), facts, palette);
      alone.strip.draw(step >= 1 ? single : null, most, palette, stage === "gradient" ? share : 1);
      text(alone.gradient, "gradient of all rows");
      text(
        alone.weights,
        `weights: difference from device 1: ${apart(frames.value("single_difference", shown))}`,
      );
      const added = step > 2 || (step === 2 && !moving);
      sum.draw(added ? reduced : null, most, palette);
      text(
        told,
        step >= 2
          ? `length ${number(frames.value("reduced_norm", update))}; ${
            whole(facts.bytes)
          } bytes to and from each device`
          : "",
      );
      for (const [at, box] of [batch, devices, middle, devices].entries()) {
        for (const one of [box].flat() as (HTMLElement | Device)[]) {
          const node = "element" in one ? one.element : one;
          if (at !== 3) node.classList.toggle("fe-active", at === step || (at === 1 && step === 3));
        }
      }
      alone.element.classList.toggle("fe-active", step === 1 || step === 3);
      text(key, `■ above 0 · ■ below 0`);
      const colours = [css(palette.train), css(palette.valid)];
      if (!moving) fly([], 1);
      else if (stage === "deal") {
        fly(
          devices.map((one, at) =>
            rowCells(batchRows, one.rows, at ? first : 0, colours[at], share)
          ),
          share,
        );
      } else if (stage === "reduce") {
        fly(
          devices.map((one, at) =>
            between(
              one.strip.element,
              sum.element,
              one.strip.cells(gradients[at], most, palette),
              share,
            )
          ),
          share,
        );
      } else if (stage === "update") {
        const cells = sum.cells(reduced, most, palette);
        fly(devices.map((one) => between(sum.element, one.net.element, cells, share)), share);
      } else fly([], 1);
    },
  };
}

function parts(values: Values, size: number): Values[] {
  return [values.subarray(0, size), values.subarray(size)] as Values[];
}

function largest(most: number, values: Values): number {
  let found = most;
  for (const value of values) if (Math.abs(value) > found) found = Math.abs(value);
  return found;
}
