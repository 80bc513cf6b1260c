/** Nodes of a drawing by key: from frame to frame only what differs is changed. And the shapes they take. */

const SVG = "http://www.w3.org/2000/svg";

export type Point = readonly [number, number];
type Attributes = Record<string, string | number | null | undefined>;

export interface Marks {
  readonly group: SVGGElement;
  /** The node of this key with these attributes (null takes one away); made when there is none. */
  set(key: string, tag: string, attributes: Attributes, words?: string): SVGElement;
  /** From `begin` on nodes lie over each other in the order they are set; `end` takes away those that were not. */
  begin(): void;
  end(): void;
}

export function createMarks(group: SVGGElement): Marks {
  const nodes = new Map<string, SVGElement>();
  const used = new Set<string>();
  let under: SVGElement | null = null;
  return {
    group,
    set(key, tag, attributes, words) {
      let node = nodes.get(key);
      if (!node) {
        node = group.ownerDocument.createElementNS(SVG, tag) as SVGElement;
        nodes.set(key, node);
      }
      used.add(key);
      const place: Node | null = under ? under.nextSibling : group.firstChild;
      if (place !== node) group.insertBefore(node, place);
      under = node;
      for (const [name, value] of Object.entries(attributes)) {
        const wanted = typeof value === "number" ? rounded(value) : value;
        if (wanted == null) node.removeAttribute(name);
        else if (node.getAttribute(name) !== wanted) node.setAttribute(name, wanted);
      }
      if (words !== undefined && node.textContent !== words) node.textContent = words;
      return node;
    },
    begin() {
      used.clear();
      under = null;
    },
    end() {
      for (const [key, node] of nodes) {
        if (used.has(key)) continue;
        node.remove();
        nodes.delete(key);
      }
    },
  };
}

/** A number of pixels as text. Far outside the picture it is cut off: browsers draw nothing sensible there. */
export function rounded(value: number): string {
  return String(Math.round(100 * Math.max(-1e5, Math.min(1e5, value))) / 100 || 0);
}

const at = ([x, y]: Point) => `${rounded(x)},${rounded(y)}`;

/** A line through points; one that is not finite leaves a gap. */
export function linePath(points: Iterable<Point>): string {
  let path = "", pen = "M";
  for (const point of points) {
    if (!Number.isFinite(point[0]) || !Number.isFinite(point[1])) {
      pen = "M";
      continue;
    }
    path += pen + at(point);
    pen = "L";
  }
  return path;
}

/** An arrow: a shaft to be stroked with a head to be filled. A short arrow has a small head. */
export function arrowPath(from: Point, to: Point, head = 10): string {
  const parts = arrowParts(from, to, head);
  return parts.shaft + parts.head;
}

/** The same in two, where the shaft is dashed: a head of dashes is no head. */
export function arrowParts(from: Point, to: Point, head = 10): { shaft: string; head: string } {
  const along: Point = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(...along);
  if (!(length > 0.5)) return { shaft: "", head: "" };
  const size = Math.min(head, 0.7 * length);
  const unit: Point = [along[0] / length, along[1] / length];
  const neck: Point = [to[0] - size * unit[0], to[1] - size * unit[1]];
  const wing = 0.45 * size;
  const left: Point = [neck[0] - wing * unit[1], neck[1] + wing * unit[0]];
  const right: Point = [neck[0] + wing * unit[1], neck[1] - wing * unit[0]];
  return {
    shaft: `M${at(from)}L${at(neck)}`,
    head: `M${at(left)}L${at(to)}L${at(right)}Z`,
  };
}

/** Between two points, `share` of the way. */
export function between(from: Point, to: Point, share: number): Point {
  return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
}
