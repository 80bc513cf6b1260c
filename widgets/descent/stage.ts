/** The picture: the curve of one weight, or the contour lines and the surface of two, with the start as a handle. */
import { h } from "../dom.ts";
import { createSurface, type Mark, type Place } from "../plot/surface.ts";
import { createCurve, type Scenery } from "./curve.ts";
import { createHandle, type Handle } from "./handle.ts";
import { createMap } from "./map.ts";
import type { Ground, Run } from "./traits.ts";

export interface Stage {
  readonly element: HTMLElement;
  /** A new run; `moves` the start to where it began. */
  setRun(run: Run, frame: number, moves: boolean): void;
  draw(run: Run, frame: number, share: number): void;
}

export function createStage(
  signal: AbortSignal,
  root: () => HTMLElement,
  redraw: () => void,
  moved: (start: number[]) => void,
): Stage {
  let ground: Ground | null = null, run: Run | null = null;
  const put = (weights: 1 | 2, scenery: Scenery) => {
    const handle = createHandle(scenery.plot, weights, signal, moved);
    const box = h("div", { class: "fe-plot-box" }, scenery.element, handle.element);
    return { scenery, handle, box };
  };
  const again = () => {
    handles.forEach((handle) => handle.place());
    redraw();
  };
  const curve = put(1, createCurve(signal, () => again()));
  const map = put(2, createMap(signal, () => again()));
  const handles: Handle[] = [curve.handle, map.handle];
  const surface = createSurface({
    signal,
    root,
    label: "The surface g(w₁, w₂) with the path on it. Arrow keys turn it, Home turns it back.",
  });
  const contour = h("button", { type: "button", "aria-pressed": "true" }, "contour lines");
  const solid = h("button", { type: "button", "aria-pressed": "false" }, "surface");
  const choice = h(
    "div",
    { class: "fe-choice", role: "group", "aria-label": "picture" },
    contour,
    solid,
  );
  const hint = h(
    "p",
    { class: "fe-note" },
    "Drag the surface to turn it, or use the arrow keys on it.",
  );
  const two = h(
    "div",
    { class: "fe-two" },
    choice,
    map.box,
    h("div", { class: "fe-surface-box" }, surface.element, hint),
  );
  two.dataset.shown = "contour";
  const element = h("div", { class: "fe-descent-stage" }, curve.box, two);
  for (const [button, name] of [[contour, "contour"], [solid, "surface"]] as const) {
    button.addEventListener("click", () => {
      two.dataset.shown = name;
      contour.setAttribute("aria-pressed", String(name === "contour"));
      solid.setAttribute("aria-pressed", String(name === "surface"));
      surface.resize();
    }, { signal });
  }

  const active = () => run?.facts.weights === 2 ? map : curve;

  function setGround(next: Ground): void {
    ground = next;
    active().scenery.setGround(next);
    if (run?.facts.weights === 2) surface.setGrid(next, next.height);
    active().handle.place();
  }

  /** Between recorded points the path follows the drawn surface. */
  function heightAt(x: number, y: number): number {
    const { columns, rows, values } = ground!;
    const place = (value: number, [low, high]: [number, number], cells: number) =>
      Math.max(0, Math.min(cells - 1.001, (value - low) / (high - low) * (cells - 1)));
    const i = place(x, ground!.x, columns), j = place(y, ground!.y, rows);
    const [a, b] = [Math.floor(i), Math.floor(j)];
    const at = (column: number, row: number) => values[row * columns + column];
    const low = at(a, b) + (at(a + 1, b) - at(a, b)) * (i - a);
    const high = at(a, b + 1) + (at(a + 1, b + 1) - at(a, b + 1)) * (i - a);
    return low + (high - low) * (j - b);
  }

  function marksOf(of: Run, frame: number, share: number): Mark[] {
    const place = (one: number): Place => [of.w(one)[0], of.w(one)[1], of.value(one)];
    const line: Place[] = [place(0)], dots: Mark[] = [];
    const follow = (from: Place, to: Place, part: number) => {
      const cuts = 8;
      for (let cut = 1; cut <= cuts; cut++) {
        const share = part * cut / cuts;
        const [x, y] = [0, 1].map((axis) => from[axis] + share * (to[axis] - from[axis]));
        line.push(cut === cuts && part === 1 ? to : [x, y, heightAt(x, y)]);
      }
    };
    for (let one = 1; one <= frame; one++) {
      follow(place(one - 1), place(one), one === frame ? Math.min(1, share / 0.55) : 1);
      if (frame - one < 120) {
        dots.push({ kind: "dot", at: place(one - 1), colour: "train", radius: 3.2 });
      }
    }
    const next = of.next(frame);
    const ahead: Mark[] = share === 1 && Array.from(next).every(Number.isFinite)
      ? [{
        kind: "dot",
        at: [next[0], next[1], heightAt(next[0], next[1])],
        colour: "valid",
        radius: 4.5,
        hollow: true,
      }]
      : [];
    const ball: Mark = { kind: "dot", at: line[line.length - 1], colour: "train", radius: 7 };
    return [{ kind: "line", points: line, colour: "train" }, ...dots, ...ahead, ball];
  }

  return {
    element,
    setRun(next, frame, moves) {
      run = next;
      const isTwo = next.facts.weights === 2;
      curve.box.hidden = isTwo;
      two.hidden = !isTwo;
      element.dataset.weights = String(next.facts.weights);
      setGround(next.ground(frame));
      active().handle.set(
        moves ? next.facts.start : null,
        (w) => isTwo ? 0 : levelOf(next.ground(0), w, next),
      );
    },
    draw(of, frame, share) {
      run = of;
      const next = of.ground(frame);
      if (next !== ground) setGround(next);
      active().scenery.draw(of, frame, share);
      element.dataset.frame = String(frame);
      // In a larger view the start is a dot among others, and a pixel is too much to drag it by.
      active().handle.element.classList.toggle("fe-away", of.view(frame) > 0);
      if (of.facts.weights === 2) surface.draw(marksOf(of, frame, share));
    },
  };
}

/** Where the start lies on the curve: recorded, or while it is dragged on the drawn curve. */
function levelOf(ground: Ground, w: number, run: Run): number {
  if (w === run.w(0)[0]) return run.value(0);
  const at = (w - ground.x[0]) / (ground.x[1] - ground.x[0]) * (ground.columns - 1);
  const left = Math.max(0, Math.min(ground.columns - 2, Math.floor(at)));
  const [a, b] = [ground.values[left], ground.values[left + 1]];
  return a + (b - a) * (at - left);
}
