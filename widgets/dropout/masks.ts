/** The masks of one batch: a line for each row, a cell for each unit, crossed where it was dropped. */
import { fill, h, placeIn, text } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import { css, type Palette } from "../plot/palette.ts";
import type { Frames } from "../recording.ts";
import type { Facts } from "./traits.ts";
import { whole } from "./words.ts";

export interface Masks {
  readonly element: HTMLElement;
  draw(frames: Frames, facts: Facts, frame: number, palette: Palette): void;
}

const TOP = 18, LEFT = 40, HEIGHT = 460;

interface Grid {
  width: number;
  cell: [number, number];
  height: number;
}

function gridOf(width: number, { listed, shown_rows: rows }: Facts): Grid {
  const across = Math.min(24, (width - LEFT - 2) / listed);
  const down = Math.max(6, Math.min(20, HEIGHT / rows));
  return { width, cell: [across, down], height: TOP + down * rows + 2 };
}

export function createMasks(signal: AbortSignal, choose: (row: number) => void): Masks {
  const canvas = h("canvas", { class: "fe-masks-grid", role: "img" });
  const row = h("input", {
    type: "number",
    min: 1,
    step: 1,
    class: "fe-number",
    "aria-label": "row of the batch",
  });
  const of = h("span", { class: "fe-muted" });
  const less = h("button", { type: "button", "aria-label": "row before" }, "−");
  const more = h("button", { type: "button", "aria-label": "row after" }, "+");
  const note = h("p", { class: "fe-legend" });
  const title = h("h3");
  let facts: Facts | null = null, grid: Grid | null = null;

  const go = (wanted: number) => {
    if (!facts) return;
    const to = Math.max(0, Math.min(facts.rows - 1, wanted));
    row.value = String(to + 1);
    if (to !== facts.row) choose(to);
  };
  row.addEventListener("change", () => {
    const wanted = Number(row.value);
    if (row.value !== "" && Number.isFinite(wanted)) go(Math.round(wanted) - 1);
    else if (facts) row.value = String(facts.row + 1);
  }, { signal });
  less.addEventListener("click", () => facts && go(facts.row - 1), { signal });
  more.addEventListener("click", () => facts && go(facts.row + 1), { signal });
  canvas.addEventListener("click", (event) => {
    if (!facts || !grid) return;
    const line = Math.floor((placeIn(canvas, event)[1] - TOP) / grid.cell[1]);
    if (line >= 0 && line < facts.shown_rows) go(facts.first_row + line);
  }, { signal });

  const element = h(
    "section",
    { class: "fe-masks" },
    title,
    h(
      "div",
      { class: "fe-field", role: "group", "aria-label": "row drawn", "data-fe-part": "row" },
      h("span", { class: "fe-field-name", "aria-hidden": "true" }, "row drawn"),
      less,
      row,
      more,
      of,
    ),
    canvas,
    note,
  );

  return {
    element,
    draw(frames, now, frame, palette) {
      facts = now;
      const masked = facts.training && facts.rate > 0;
      text(title, masked ? "Every row draws a mask of its own" : "No row has a mask here");
      const pen = canvas.getContext("2d");
      if (!pen) return;
      const g = grid = gridOf(element.clientWidth || 320, facts);
      canvas.style.width = `${g.width}px`;
      clearCanvas(canvas, pen, g.width, g.height);
      paint(pen, g, frames.row("kept", frame), facts, palette);
      canvas.setAttribute(
        "aria-label",
        `masks of this batch: ${facts.shown_rows} rows across ${facts.listed} units; ${
          frames.value("count", frame)
        } units dropped in row ${facts.row + 1}`,
      );
      fill(row, String(facts.row + 1));
      row.max = String(facts.rows);
      text(of, `of ${whole(facts.rows)}`);
      const some = [
        facts.listed < facts.units
          ? `the first ${facts.listed} of ${whole(facts.units)} units`
          : "",
        facts.shown_rows < facts.rows
          ? `rows ${whole(facts.first_row + 1)} to ${
            whole(facts.first_row + facts.shown_rows)
          } of ${whole(facts.rows)}`
          : "",
      ].filter(Boolean).join(", ");
      text(
        note,
        `filled: kept · ${g.cell[0] < 7 ? "empty" : "crossed"}: dropped${
          some ? ` · ${some}` : ""
        } · press a row to draw it`,
      );
    },
  };
}

function paint(
  pen: CanvasRenderingContext2D,
  { width, cell: [across, down] }: Grid,
  kept: ArrayLike<number>,
  facts: Facts,
  palette: Palette,
): void {
  const { listed, shown_rows: rows, first_row: first } = facts;
  const gap = Math.min(across, down) > 6 ? 1 : 0;
  const [on, off, ink] = [css(palette.train), css(palette.muted), css(palette.muted)];
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  pen.fillStyle = ink;
  pen.textAlign = "left";
  pen.fillText(facts.units === 1 ? "unit 1" : `unit 1 to ${whole(listed)}`, LEFT, TOP / 2);
  pen.textAlign = "right";
  const every = down >= 13 ? 1 : down >= 7 ? 2 : 4;
  for (let row = 0; row < rows; row++) {
    const y = TOP + row * down, here = first + row === facts.row;
    if (here || row % every === 0 && Math.abs(first + row - facts.row) >= every) {
      pen.fillStyle = here ? css(palette.ink) : ink;
      pen.fillText(`${here ? "▸ " : ""}${first + row + 1}`, LEFT - 6, y + down / 2);
    }
    for (let unit = 0; unit < listed; unit++) {
      const x = LEFT + unit * across;
      if (kept[row * listed + unit]) {
        pen.fillStyle = on;
        pen.fillRect(x, y, across - gap, down - gap);
      } else if (across >= 7 && down >= 6) {
        const arm = Math.min(across, down) * 0.22, [cx, cy] = [x + across / 2, y + down / 2];
        pen.strokeStyle = off;
        pen.lineWidth = 1;
        pen.beginPath();
        pen.moveTo(cx - arm, cy - arm);
        pen.lineTo(cx + arm, cy + arm);
        pen.moveTo(cx + arm, cy - arm);
        pen.lineTo(cx - arm, cy + arm);
        pen.stroke();
      }
    }
  }
  pen.strokeStyle = css(palette.accent);
  pen.lineWidth = 2;
  const right = Math.min(width - 1, LEFT + listed * across + 1);
  pen.strokeRect(LEFT - 2, TOP + (facts.row - first) * down - 1.5, right - LEFT + 2, down + 2);
}
