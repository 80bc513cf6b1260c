/** TensorView on the page: the picture by rank, the index bar, the scale, the operations. Python computes. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, part, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { hideStill } from "../still.ts";
import { cellOf, type Drawing, drawingOf, type Drawn, elementOf, NOTHING } from "./drawing.ts";
import { createIndexBar } from "./index_bar.ts";
import { createOperations } from "./operations.ts";
import { readPalette, scaleOf, watchTheme } from "./palette.ts";
import { createPicture, START } from "./picture.ts";
import { attachHands } from "./pointer.ts";
import { readout } from "./readout.ts";
import { createScaleBar } from "./scale_bar.ts";
import { describe } from "./shape_line.ts";
import { tableOf } from "./table.ts";
import type { TensorTraits } from "./traits.ts";
import { createWindowBar, zoomed } from "./window_bar.ts";

const KEYS =
  "In the picture: arrows go from cell to cell, Page Up and Page Down along the next axis (with shift and alt along those " +
  "after it), Enter takes the element, Escape takes all, shift and arrows turn a cube, + and − pull its layers apart, " +
  "z and shift z zoom.";

function render({ model, el, signal }: RenderProps<TensorTraits>) {
  let drawing: Drawing = NOTHING;
  let at: number[] | null = null;
  let wanted: number[] | null = null;
  let received: Drawn | null = null, shape = "";

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h("p", { class: "fe-lead" });
  const picture = createPicture({ signal, root: () => root });
  const stage = h("div", {
    class: "fe-tensor-stage",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "tensor",
  }, picture.element);
  const code = h("code"),
    value = h("b", { class: "fe-number" }),
    words = h("span", { class: "fe-muted" });
  const hand = h("p", { class: "fe-hand" }, code, " = ", value, " ", words);
  const spoken = h("div", { class: "fe-hidden", role: "status" });

  const apart = h("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.01,
    "aria-label": "pull the layers apart",
  });
  const turnBack = h("button", { type: "button", class: "fe-small" }, "turn back");
  const cubeBar = h(
    "span",
    { class: "fe-inline" },
    h("label", { class: "fe-inline" }, "layers apart", apart),
    turnBack,
  );
  const asPicture = h("input", { type: "checkbox" });
  const pictureBar = h(
    "label",
    { class: "fe-inline", "data-fe-part": "channels" },
    asPicture,
    "channels as colours",
  );
  const asFilm = h("input", { type: "checkbox" });
  const filmName = h("span");
  const filmBar = h("label", { class: "fe-inline" }, asFilm, filmName);
  const windowBar = createWindowBar({ signal, show: setWindow, zoom });
  const player = createPlayer({
    signal,
    unit: "frame",
    framesPerSecond: 6,
    first: 0,
    label: (frame) => {
      const { line } = drawing.arrangement;
      return line === null
        ? ""
        : `${model.get("facts").axes[line]} ${drawing.window[line][0] + frame}`;
    },
    onFrame: () => draw(),
  });
  const index = createIndexBar(signal, (written) => model.send({ kind: "select", text: written }));
  const scale = createScaleBar(signal, (end, value) => {
    model.set(end, value);
    model.save_changes();
  });
  const operations = createOperations(model, signal, () => root);
  const numbers = h("div", {
    class: "fe-scroll",
    tabindex: 0,
    role: "group",
    "aria-label": "The numbers",
  });
  const numbersFold = h(
    "details",
    { "data-fe-part": "numbers" },
    h("summary", {}, "The numbers"),
    numbers,
  );
  const keysFold = h(
    "details",
    { "data-fe-part": "keys" },
    h("summary", {}, "The keys"),
    h("p", { class: "fe-note" }, KEYS),
  );
  const root = h(
    "section",
    { class: "fe fe-tensor" },
    h("header", {}, heading, state, lead),
    h(
      "div",
      { class: "fe-tensor-body" },
      h(
        "div",
        { class: "fe-tensor-main" },
        stage,
        hand,
        h(
          "div",
          { class: "fe-tensor-bars" },
          cubeBar,
          pictureBar,
          filmBar,
          part("window", windowBar.element),
        ),
      ),
      h(
        "div",
        { class: "fe-tensor-side" },
        part("selection", index.element),
        part("scale", scale.element),
      ),
    ),
    player.element,
    spoken,
    h("div", { class: "fe-folds" }, operations.element, numbersFold, keysFold),
  );
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);
  attachKeys(root, player, signal);
  attachHands(picture, stage, {
    arrangement: () => drawing.arrangement,
    shape: () => drawing.shape,
    at: () => at,
    point: (cell) => point(cell, false),
    move,
    take,
    takeAll: () => model.send({ kind: "select", text: "" }),
    zoom,
  }, signal);

  const facts = () => model.get("facts");
  const showsChannels = () => facts().can_be_picture && model.get("channels") === "layers";
  const isFilm = () => asFilm.checked && drawing.arrangement.line !== null;
  let taken: boolean[][] | null = null, takenKey = "";

  function draw(): void {
    const { low, high } = limits();
    picture.draw({
      paint: {
        drawing,
        scale: scaleOf(low, high),
        text: facts().text,
        full: /int/.test(facts().dtype) || high > 1 ? 255 : 1,
        channelLayers: showsChannels(),
      },
      dtype: drawing.shown === "mean" ? "float64" : facts().dtype,
      roles: facts().roles,
      taken: takenCells(),
      at: at && inView(at) ? at : null,
      only: isFilm() ? { axis: drawing.arrangement.line!, index: player.frame } : null,
    });
  }

  const inView = (cell: number[]) => !isFilm() || cell[drawing.arrangement.line!] === player.frame;

  /** Ends of the colours: as set, or those of all finite elements, or those of the blocks drawn. */
  function limits(): { low: number; high: number } {
    const { minimum, maximum } = model.get("statistics");
    let low = Number(minimum ?? NaN), high = Number(maximum ?? NaN);
    if (drawing.shown !== "value" || !Number.isFinite(low) || !Number.isFinite(high)) {
      low = Infinity, high = -Infinity;
      for (const cell of drawing.cells) {
        if (!Number.isFinite(cell)) continue;
        if (cell < low) low = cell;
        if (cell > high) high = cell;
      }
      if (low > high) [low, high] = [0, 1];
    }
    return { low: model.get("low") ?? low, high: model.get("high") ?? high };
  }

  /** Which cells along each axis hold something that is taken. */
  function takenCells(): boolean[][] | null {
    const chosen = model.get("chosen");
    if (drawing.window.length !== chosen.taken.length) return null;
    const key = JSON.stringify([chosen.taken, drawing.window, drawing.block]);
    if (key === takenKey) return taken;
    takenKey = key;
    const all = chosen.taken.every(([, step, count, kept], axis) =>
      kept && Math.abs(step) === 1 && count === facts().shape[axis]
    );
    taken = all ? null : chosen.taken.map(([start, step, count], axis) => {
      const end = start + step * (count - 1), apart = Math.abs(step);
      const lowest = Math.min(start, end), highest = Math.max(start, end);
      const [first, stop] = drawing.window[axis], block = drawing.block[axis];
      return Array.from({ length: drawing.shape[axis] }, (_, cell) => {
        const from = first + cell * block, to = Math.min(from + block, stop);
        const next = lowest + Math.max(0, Math.ceil((from - lowest) / apart)) * apart;
        return count > 0 && next < to && next <= highest;
      });
    });
    return taken;
  }

  function point(cell: number[], aloud: boolean): void {
    const { columns, rows } = drawing.arrangement;
    const elsewhere = at?.some((entry, axis) =>
      axis !== columns && axis !== rows && entry !== cell[axis]
    );
    at = cell;
    if (elsewhere && numbersFold.open) fillNumbers();
    const said = readout(facts(), drawing, cell);
    text(code, said.code);
    text(value, said.value);
    text(words, said.words);
    if (aloud) text(spoken, `${said.code} = ${said.value}. ${said.words}`);
    draw();
  }

  function move(axis: number, by: number, to?: "first" | "last"): void {
    if (!drawing.cells.length) return;
    const next = [...(at ?? drawing.shape.map(() => 0))];
    const last = drawing.shape[axis] - 1;
    const goal = to ? (to === "first" ? 0 : last) : next[axis] + by;
    if (goal < 0 || goal > last) return pan(axis, by);
    next[axis] = goal;
    if (isFilm() && axis === drawing.arrangement.line) player.seek(goal);
    point(next, true);
  }

  /** The cell in hand went over the edge: the window goes along, by half its width. */
  function pan(axis: number, by: number): void {
    const [start, stop] = drawing.window[axis], size = stop - start;
    const most = facts().shape[axis];
    const first = Math.max(
      0,
      Math.min(most - size, start + Math.sign(by) * Math.max(1, Math.floor(size / 2))),
    );
    if (first === start || !at) return;
    wanted = elementOf(drawing, at);
    wanted[axis] += by * drawing.block[axis];
    setWindow(drawing.window.map((pair, number) => number === axis ? [first, first + size] : pair));
  }

  function setWindow(window: [number, number][]): void {
    model.set("window", window);
    model.save_changes();
  }

  function zoom(way: 1 | -1): void {
    if (!drawing.cells.length) return;
    const around = elementOf(drawing, at ?? drawing.shape.map((size) => Math.floor(size / 2)));
    const next = zoomed(facts(), drawing, around, way);
    if (JSON.stringify(next) === JSON.stringify(drawing.window)) return;
    wanted = around;
    setWindow(next);
  }

  /** What the reader clicked or dragged over, written as an index. */
  function take(from: number[], to: number[]): void {
    const { channel } = drawing.arrangement;
    const parts = from.map((start, axis) => {
      if (axis === channel) return ":";
      const [a, b] = [Math.min(start, to[axis]), Math.max(start, to[axis])];
      const [first, end] = drawing.window[axis], block = drawing.block[axis];
      const stop = Math.min(first + (b + 1) * block, end), begin = first + a * block;
      return stop - begin === 1 ? String(begin) : `${begin}:${stop}`;
    });
    while (parts.length && parts[parts.length - 1] === ":") parts.pop();
    model.send({ kind: "select", text: parts.join(", ") });
    point(to, true);
  }

  /** Facts and cells change together: whatever changed first, both are taken up. */
  function receive(): void {
    const drawn = model.get("drawn");
    if (drawn === received || !("cells" in drawn)) return;
    received = drawn;
    drawing = drawingOf(received);
    const next = JSON.stringify([facts().shape, drawing.arrangement]);
    if (next === shape) return;
    shape = next;
    at = null;
    const { layers } = drawing.arrangement;
    const few = layers !== null && drawing.shape[layers] <= 4;
    apart.value = few ? "0.35" : "0";
    picture.turnTo({ ...START, apart: Number(apart.value) });
  }

  function refresh(): void {
    receive();
    const told = facts(), { arrangement } = drawing;
    text(heading, model.get("title"));
    state.replaceChildren(...describe(told));
    text(lead, leadOf(drawing));
    stage.setAttribute(
      "aria-label",
      `Picture of a tensor of rank ${told.shape.length}, shape ${
        told.shape.join(" by ") || "()"
      }. Arrow keys go from cell to cell.`,
    );
    cubeBar.hidden = arrangement.layers === null || !drawing.cells.length;
    pictureBar.hidden = !told.can_be_picture;
    asPicture.checked = model.get("channels") === "picture";
    const line = arrangement.line;
    filmBar.hidden = line === null || drawing.shape[line] < 2;
    if (line !== null) text(filmName, `as a film, along ${told.axes[line]}`);
    player.element.hidden = !isFilm();
    player.setLength(isFilm() ? drawing.shape[line!] : 0, false);
    windowBar.update(told, drawing);
    index.element.hidden = told.shape.length === 0;
    index.update(told, model.get("chosen"));
    showScale();
    hand.hidden = !drawing.cells.length;
    if (drawing.cells.length) {
      if (wanted) at = cellOf(drawing, wanted) ?? at;
      wanted = null;
      if (!at || at.length !== drawing.shape.length) at = drawing.shape.map(() => 0);
      at = at.map((entry, axis) => Math.min(entry, drawing.shape[axis] - 1));
      point(at, false);
    } else draw();
    if (numbersFold.open) fillNumbers();
  }

  /** Colours can be read only once the card is on the page. */
  function showScale(): void {
    if (signal.aborted) return;
    if (!root.isConnected) return void requestAnimationFrame(showScale);
    const { low, high } = limits();
    const coloured = drawing.arrangement.channel !== null || showsChannels();
    const set = coloured ? null : { low: model.get("low"), high: model.get("high") };
    scale.update(
      facts(),
      model.get("statistics"),
      scaleOf(low, high),
      readPalette(root),
      set,
      drawing.shown,
    );
  }

  function fillNumbers(): void {
    numbers.replaceChildren(
      drawing.cells.length
        ? tableOf(facts(), drawing, at!)
        : h("p", { class: "fe-note" }, "There are no elements."),
    );
  }

  apart.addEventListener("input", () => {
    picture.turn({ apart: Number(apart.value) - picture.turned.apart });
  }, { signal });
  turnBack.addEventListener("click", () => {
    apart.value = "0";
    picture.turnTo(START);
  }, { signal });
  asPicture.addEventListener("change", () => {
    model.set("channels", asPicture.checked ? "picture" : "layers");
    model.save_changes();
  }, { signal });
  asFilm.addEventListener("change", refresh, { signal });
  numbersFold.addEventListener("toggle", () => numbersFold.open && fillNumbers(), { signal });
  watchTheme(signal, () => {
    picture.repaint();
    operations.repaint();
    refresh();
  });

  const names = ["title", "facts", "chosen", "statistics", "drawn", "low", "high"];
  listen(model, names, signal, refresh);
  refresh();
}

function leadOf({ arrangement, shape }: Drawing): string {
  if (!shape.length) return "A single element: it takes no index to read it.";
  const outer = arrangement.grid !== null
    ? "a grid of "
    : arrangement.line !== null
    ? "a row of "
    : "";
  const tile = arrangement.channel !== null
    ? "picture"
    : arrangement.layers !== null
    ? "cube"
    : ["", "row", "table"][shape.length];
  const what = outer ? `${outer}${tile}s` : `A ${tile}`;
  return `${what.charAt(0).toUpperCase()}${
    what.slice(1)
  }: point at a cell to read its index, take a part with the index bar.`;
}

export default { render: card(render) };
