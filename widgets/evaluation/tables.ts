/** Tables: how one is filled, the rows the model got wrong, and every number of the card. */
import { h, number, text } from "../dom.ts";
import { count, rowsOf, type Scene, share, thinned, whole } from "./scene.ts";
import type { Report, Table } from "./traits.ts";

const MOST = 200;

export function fillTable(
  table: HTMLTableElement,
  caption: string,
  heads: string[],
  rows: string[][],
  current = -1,
): void {
  table.replaceChildren(
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...heads.map((name) => h("th", { scope: "col" }, name)))),
    h(
      "tbody",
      {},
      ...rows.map((cells, row) =>
        h(
          "tr",
          { class: row === current ? "fe-current" : null },
          ...cells.map((cell, column) =>
            column
              ? h("td", { class: "fe-number" }, cell)
              : h("th", { scope: "row", class: "fe-number" }, cell)
          ),
        )
      ),
    ),
  );
}

const region = (name: string, table: HTMLElement) =>
  h("div", { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": name }, table);

export function createWrong(): { element: HTMLElement; show(scene: Scene, table: Table): void } {
  const words = h("p", { class: "fe-eval-note" });
  const table = h("table");
  let shown = "";
  return {
    element: h("div", {}, words, region("Rows the model got wrong", table)),
    show(scene, { columns = [], rows = [] }) {
      const { report, frames, cut, noun } = scene;
      const { task, classes } = report;
      const wrong = task === "binary"
        ? rows.filter(({ falls, actual }) => classes[cut < falls ? 1 : 0] !== actual)
        : rows;
      const few = wrong.slice(0, MOST);
      const total = task === "binary"
        ? count(scene, "fp") + count(scene, "fn")
        : task === "multiclass"
        ? report.wrong
        : report.n;
      const key = `${frames.run} ${total} ${few.map(({ row }) => row).join()}`;
      if (key === shown) return;
      shown = key;
      const what = task === "regression" ? "furthest off first" : "the surest mistakes first";
      text(
        words,
        total
          ? `${few.length < total ? `The first ${whole(few.length)} of ` : ""}${
            rowsOf(total, noun)
          }${task === "regression" ? "" : " wrong"}, ${what}. ${report.note}`
          : `No ${noun} wrong.`,
      );
      const heads = task === "binary"
        ? [noun, "output", "actual"]
        : task === "multiclass"
        ? [noun, "output", "predicted", "actual"]
        : [noun, "predicted", "error"];
      fillTable(
        table,
        "The raw values; the name is that of the original table",
        [...heads, ...columns],
        few.map(({ name, output, said, actual, cells }) => [
          name,
          number(output, 4),
          ...(task === "binary" ? [actual] : task === "multiclass" ? [said, actual] : [said]),
          ...cells,
        ]),
      );
    },
  };
}

export function createNumbers(
  signal: AbortSignal,
): { element: HTMLElement; show(scene: Scene): void } {
  const single = h("table"), cuts = h("table");
  const fold = h(
    "details",
    { "data-fe-part": "numbers" },
    h("summary", {}, "The numbers"),
    region("Figures", single),
    region("Every cut", cuts),
  );
  let filled = -1, last: Scene | null = null;
  const fill = () => {
    if (!last || !fold.open) return;
    const { report, frames, cut } = last;
    fillTable(
      single,
      `Figures of ${whole(report.n)} ${report.rows} ${last.noun}s that no threshold moves`,
      ["figure", "value"],
      Object.entries(report.figures).map(([name, value]) => [
        name.replaceAll("_", " "),
        value === null ? "not defined" : Number.isInteger(value) ? whole(value) : number(value, 6),
      ]),
    );
    const heads = ["threshold", "tn", "fp", "fn", "tp", "right"];
    const shares = ["accuracy", "sensitivity", "specificity", "precision"];
    if (filled !== frames.run) {
      fillTable(
        cuts,
        thinned(frames)
          ? `${whole(frames.length)} of ${whole(thinned(frames))} distinct thresholds`
          : "Every distinct threshold",
        [...heads, ...shares],
        Array.from({ length: frames.length }, (_, row) => [
          String(Number(frames.value("threshold", row).toPrecision(6))),
          ...heads.slice(1).map((name) => whole(frames.value(name, row))),
          ...shares.map((name) => share(frames.value(name, row))),
        ]),
      );
      filled = frames.run;
    }
    cuts.hidden = !frames.length;
    cuts.querySelector(".fe-current")?.classList.remove("fe-current");
    cuts.querySelectorAll("tbody tr")[cut]?.classList.add("fe-current");
  };
  fold.addEventListener("toggle", fill, { signal });
  return {
    element: fold,
    show(scene) {
      last = scene;
      fill();
    },
  };
}

/** The confusion matrix of many classes, and the figures of each. */
export function createClasses(): { element: HTMLElement; show(report: Report): void } {
  const matrix = h("table", { class: "fe-eval-matrix" }), figures = h("table");
  return {
    element: h(
      "div",
      {},
      region("Confusion matrix", matrix),
      region("Figures of each class", figures),
    ),
    show(report) {
      if (!report.matrix?.length) return;
      const { classes } = report;
      fillTable(
        matrix,
        "Counts: a row for each actual class, a column for each predicted one",
        ["actual", ...classes],
        report.matrix.map((row, kind) => [classes[kind], ...row.map(whole)]),
      );
      const most = Math.max(1, ...report.matrix.flat());
      [...matrix.querySelectorAll("tbody tr")].forEach((line, row) =>
        [...line.querySelectorAll("td")].forEach((cell, column) => {
          const value = report.matrix[row][column];
          cell.className = `fe-number ${row === column ? "fe-eval-good" : "fe-eval-bad"}`;
          cell.style.setProperty("--fe-strength", `${Math.round(45 * value / most)}%`);
        })
      );
      fillTable(
        figures,
        "The class with the largest output is predicted",
        ["class", "precision", "recall", "F1", "support"],
        report.per_class.map(([precision, recall, f1, support], kind) => [
          classes[kind],
          share(precision),
          share(recall),
          share(f1),
          whole(support ?? 0),
        ]),
      );
    },
  };
}
