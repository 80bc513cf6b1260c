/** The icons of the player and of the training controls, drawn here so that no icon font is needed. */

const SVG = "http://www.w3.org/2000/svg";

export const ICONS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M9 3v10L3 8zM13 3v10h-2V3z",
  play: "M4 2.5v11L13.5 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M7 3v10l6-5zM3 3v10h2V3z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
  step: "M3 3v10l6-5zM10.5 3h2v10h-2z",
  sectionBack: "M8 3v10L2 8zM14.5 3v10l-6-5z",
  sectionOn: "M8 3v10l6-5zM1.5 3v10l6-5z",
  stop: "M3.5 3.5h9v9h-9z",
  reset: "M8 3a5 5 0 1 1-4.6 3l1.4.6A3.5 3.5 0 1 0 8 4.5V7L4.5 3.8 8 .5z",
  loop: "M3 8a5 5 0 0 1 8.5-3.5L13 3v4H9l1.4-1.4A3.4 3.4 0 1 0 11.4 8H13A5 5 0 1 1 3 8z",
};

export function icon(document: Document, name: keyof typeof ICONS): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg") as SVGSVGElement;
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "fe-icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function setIcon(svg: SVGSVGElement, name: keyof typeof ICONS): void {
  svg.firstElementChild!.setAttribute("d", ICONS[name]);
}
