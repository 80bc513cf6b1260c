/** RankLadder on the page: the rungs, the picture of the one in hand, the question. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, part, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { hideStill } from "../still.ts";
import { cellsOf, type Drawing } from "../tensor/drawing.ts";
import { tuple } from "../tensor/format.ts";
import { ROLE, scaleOf, watchTheme } from "../tensor/palette.ts";
import { createPicture, type Scene, START } from "../tensor/picture.ts";
import { attachHands } from "../tensor/pointer.ts";
import { readout } from "../tensor/readout.ts";
import { describe } from "../tensor/shape_line.ts";
import type { Facts } from "../tensor/traits.ts";
import { createQuestion } from "./question.ts";
import type { LadderTraits, Rung } from "./traits.ts";

const ALIAS = ["scalar", "vector", "matrix", "cube", "cubes in a row", "a grid of cubes"];
const APART = 0.35;

function render({ model, el, signal }: RenderProps<LadderTraits>) {
  let at: number[] | null = null;
  let shown = -1;
  let columns: { rank: number; alias: HTMLElement; item: HTMLElement }[] = [];
  const buttons: HTMLButtonElement[] = [];
  let asked = false;
  const drawings: Drawing[] = [];

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const legend = h("span", { class: "fe-legend" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Each step adds one axis. The colour of an axis never changes: ",
    legend,
  );
  const rungs = h("ol", { class: "fe-rungs", "data-fe-part": "rungs" });
  const picture = createPicture({ signal, root: () => root, tallest: 400 });
  const stage = h("div", {
    class: "fe-tensor-stage",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "tensor",
  }, picture.element);
  const name = h("h3");
  const words = h("p", { class: "fe-words" });
  const code = h("code"),
    value = h("b", { class: "fe-number" }),
    place = h("span", { class: "fe-muted" });
  const hand = h("p", { class: "fe-hand" }, code, " = ", value, " ", place);
  const made = h("code");
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const question = createQuestion({
    signal,
    answer: (words) => model.send({ kind: "answer", text: words }),
    goOn: () => model.send({ kind: "skip" }),
  });
  const down = h("button", { type: "button" }, "− axis");
  const up = h("button", { type: "button", class: "fe-primary" }, "+ axis");
  const player = createPlayer({
    signal,
    unit: "frame",
    first: 0,
    framesPerSecond: 8,
    label: (frame) => `time ${frame}`,
    onFrame: () => draw(),
  });
  const asFilm = h("input", { type: "checkbox" });
  const filmBar = h("label", { class: "fe-inline" }, asFilm, "play along time");
  const told = h(
    "div",
    { class: "fe-ladder-words" },
    name,
    words,
    h("p", { class: "fe-note" }, made),
    hand,
    filmBar,
  );
  const root = h(
    "section",
    { class: "fe fe-ladder" },
    h("header", {}, heading, state, lead),
    rungs,
    h(
      "div",
      { class: "fe-ladder-body" },
      h("div", { class: "fe-ladder-main" }, stage, question.element),
      told,
    ),
    player.element,
    part("rung", h("div", { class: "fe-ladder-bar" }, down, up)),
    spoken,
  );
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);
  attachKeys(root, player, signal);
  attachHands(picture, stage, {
    arrangement: () => drawing().arrangement,
    shape: () => drawing().shape,
    at: () => at,
    point: (cell) => point(cell, false),
    move: (axis, by, to) => {
      const next = [...(at ?? drawing().shape.map(() => 0))];
      const last = drawing().shape[axis] - 1;
      next[axis] = to ? (to === "first" ? 0 : last) : Math.max(0, Math.min(last, next[axis] + by));
      if (isFilm() && axis === drawing().arrangement.line) player.seek(next[axis]);
      point(next, true);
    },
    take: (_, to) => point(to, true),
    takeAll: () => {},
    zoom: () => {},
  }, signal);

  const story = () => model.get("story");
  const rung = () => story()[model.get("rung")];
  const drawing = () => drawings[model.get("rung")] ??= drawingOf(rung());
  const hasFilm = () => rung().axes.includes("time");
  const isFilm = () => hasFilm() && asFilm.checked;

  function scene(): Scene {
    const now = drawing();
    const [low, high] = rung().dtype === "uint8" ? [0, 255] : ends(now);
    return {
      paint: {
        drawing: now,
        scale: scaleOf(Math.min(0, low), high),
        text: false,
        full: 255,
        channelLayers: now.arrangement.layers !== null && rung().dtype === "uint8",
      },
      dtype: rung().dtype,
      roles: rung().roles,
      taken: null,
      at: at && !(isFilm() && at[now.arrangement.line!] !== player.frame) ? at : null,
      only: isFilm() ? { axis: now.arrangement.line!, index: player.frame } : null,
    };
  }

  const draw = () => picture.draw(scene());

  function facts(it: Rung): Facts {
    const elements = it.shape.reduce((product, size) => product * size, 1);
    return { ...it, elements, source: "", can_be_picture: false, text: false };
  }

  function point(cell: number[], aloud: boolean) {
    at = cell;
    const said = readout(facts(rung()), drawing(), cell);
    const unit = rung().unit ? ` ${rung().unit}` : "";
    text(code, said.code);
    text(value, said.value + unit);
    text(place, said.words);
    if (aloud) text(spoken, `${said.code} = ${said.value}${unit}. ${said.words}`);
    draw();
  }

  function refresh() {
    if (!story().length) return;
    const number = model.get("rung"), now = rung(), asking = model.get("asking");
    text(heading, model.get("title"));
    state.replaceChildren(...describe(facts(now)));
    legend.replaceChildren(
      ...now.axes.flatMap((axis, k) => {
        const chip = h(
          "b",
          { class: `fe-axis-chip fe-axis-${ROLE[now.roles[k]] ?? "muted"}` },
          axis,
        );
        return k ? [", ", chip] : [chip];
      }),
      now.axes.length ? "." : "there is none yet.",
    );
    showRungs(number);
    stage.hidden = asking;
    question.element.hidden = !asking;
    question.update(model.get("choices"), model.get("told"));
    told.hidden = asking;
    const held = root.contains(document.activeElement);
    text(name, `Rank ${now.shape.length}: ${now.name}`);
    text(words, now.words);
    text(made, `${now.code}   # shape ${tuple(now.shape)}`);
    const next = story()[number + 1];
    const grows = next && next.shape.length > now.shape.length;
    text(up, asking ? "+ axis" : !next ? "the end" : grows ? "+ axis" : `another: ${next.name}`);
    up.disabled = asking || !next;
    up.title = asking
      ? "answer the question first, or let it be shown"
      : next
      ? ""
      : "there is no further rung";
    const before = story()[number - 1];
    text(
      down,
      asking
        ? "back"
        : before && before.shape.length === now.shape.length
        ? `back: ${before.name}`
        : "− axis",
    );
    down.disabled = number === 0;
    down.title = number === 0 ? "a scalar has no axis to take away" : "";
    // A button that is disabled or hidden would take the focus with it.
    const focused = document.activeElement;
    if (held && asking && !asked) question.focus();
    else if (held && asked && !asking || focused === down && down.disabled) up.focus();
    if (document.activeElement === up && up.disabled) down.focus();
    asked = asking;
    filmBar.hidden = !hasFilm();
    player.element.hidden = asking || !isFilm();
    player.setLength(isFilm() ? now.shape[now.axes.indexOf("time")] : 0, false);
    stage.setAttribute(
      "aria-label",
      `${now.name}: a tensor of rank ${now.shape.length}, shape ${
        now.shape.join(" by ") || "()"
      }. Arrow keys go from cell to cell.`,
    );
    if (number !== shown) {
      const forward = number === shown + 1;
      shown = number;
      at = now.shape.map(() => 0);
      const apart = now.arrangement.layers !== null ? APART : 0;
      picture.grow(scene(), forward ? now.grown : null, { ...START, apart });
      point(at, false);
      text(
        spoken,
        `Rank ${now.shape.length}: ${now.name}, shape ${tuple(now.shape)}. ${now.words}`,
      );
    } else draw();
  }

  /** Columns and buttons are made once, so that a focused one keeps the focus; a rung shows once it is reached. */
  function showRungs(number: number) {
    const reached = model.get("reached"), here = story()[number].shape.length;
    if (!columns.length) {
      columns = [...new Set(story().map((it) => it.shape.length))].map((rank) => {
        const alias = h("span");
        return { rank, alias, item: h("li", {}, h("b", {}, `rank ${rank}`), alias) };
      });
      rungs.replaceChildren(...columns.map(({ item }) => item));
    }
    for (let k = buttons.length; k <= reached; k++) {
      const { name, shape } = story()[k];
      const size = h("span", { class: "fe-number" }, tuple(shape));
      const button = h("button", { type: "button" }, name, size);
      button.addEventListener("click", () => go(k), { signal });
      columns.find(({ rank }) => rank === shape.length)!.item.append(button);
      buttons.push(button);
    }
    for (const { rank, alias, item } of columns) {
      text(alias, rank < 4 || rank <= story()[reached].shape.length ? ALIAS[rank] : "?");
      item.className = rank === here ? "fe-here" : "";
    }
    buttons.forEach((button, k) => {
      if (k === number) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
  }

  function go(number: number) {
    model.set("rung", number);
    model.save_changes();
  }

  up.addEventListener("click", () => model.send({ kind: "climb" }), { signal });
  down.addEventListener("click", () => model.send({ kind: "descend" }), { signal });
  asFilm.addEventListener("change", () => {
    refresh();
    if (isFilm()) player.clock.play();
  }, { signal });
  watchTheme(signal, () => {
    picture.repaint();
    refresh();
  });
  listen(model, ["title", "rung", "reached", "asking", "told", "story"], signal, refresh);
  refresh();
}

function drawingOf(rung: Rung): Drawing {
  const { shape } = rung;
  return {
    shape,
    window: shape.map((size) => [0, size]),
    block: shape.map(() => 1),
    shown: "value",
    arrangement: rung.arrangement,
    cells: cellsOf(rung.cells, rung.cells_dtype),
    marks: new Uint8Array(shape.reduce((product, size) => product * size, 1)),
    texts: null,
    labels: rung.labels.length ? { [shape.length - 1]: rung.labels } : {},
  };
}

/** Smallest and largest cell. */
function ends({ cells }: Drawing): [number, number] {
  let low = Infinity, high = -Infinity;
  for (const cell of cells) {
    low = Math.min(low, cell);
    high = Math.max(high, cell);
  }
  return [low, high];
}

export default { render: card(render) };
