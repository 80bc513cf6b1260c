/** The names of rows and columns beside the cells of a table. */
import type { Drawing } from "./drawing.ts";
import type { Point } from "./layout.ts";
import { css, type Palette } from "./palette.ts";

/** The least size of a cell that has a label, and the longest label, in pixels. */
const LABELLED = 11, LONGEST = 110;
const FONT = "12px system-ui";

interface Names {
  texts: string[];
  /** Pixels they take beside the cells. */
  room: number;
  upright: boolean;
}

export interface Labels {
  columns: Names | null;
  rows: Names | null;
}

export const NO_LABELS: Labels = { columns: null, rows: null };

/**
 * Room for the names, where there are some and the cells are large enough for them.
 *
 * `tall` is the height of a cell; `wide` its width once the names of the rows have taken so much room.
 */
export function placeLabels(
  pen: CanvasRenderingContext2D,
  drawing: Drawing,
  tall: number,
  wide: (taken: number) => number,
): Labels {
  pen.font = FONT;
  const named = (axis: number | null): Names | null => {
    const texts = axis === null || drawing.block[axis] > 1 ? undefined : drawing.labels[axis];
    if (!texts?.length) return null;
    const longest = Math.max(...texts.map((label) => pen.measureText(label).width));
    return { texts, room: Math.min(LONGEST, longest) + 8, upright: false };
  };
  const rows = tall >= LABELLED ? named(drawing.arrangement.rows) : null;
  const cell = wide(rows?.room ?? 0);
  const columns = cell >= LABELLED ? named(drawing.arrangement.columns) : null;
  if (columns) {
    columns.upright = columns.room > cell;
    if (!columns.upright) columns.room = 18;
  }
  return { columns, rows };
}

/** `pixel` gives the place of a corner of a cell. */
export function paintLabels(
  pen: CanvasRenderingContext2D,
  palette: Palette,
  { columns, rows }: Labels,
  pixel: (at: Point) => Point,
): void {
  pen.font = FONT;
  pen.fillStyle = css(palette.muted);
  columns?.texts.forEach((label, i) => {
    const [x, y] = pixel([i + 0.5, 0]);
    pen.save();
    pen.translate(x, y - 6);
    if (columns.upright) pen.rotate(-Math.PI / 2);
    pen.textAlign = columns.upright ? "left" : "center";
    pen.textBaseline = columns.upright ? "middle" : "bottom";
    pen.fillText(label, 0, 0, LONGEST);
    pen.restore();
  });
  rows?.texts.forEach((label, j) => {
    const [x, y] = pixel([0, j + 0.5]);
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillText(label, x - 6, y, rows.room - 8);
  });
}
