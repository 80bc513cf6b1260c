/** Builds DOM nodes; the only helper views share for it. */

type Attributes = Record<string, string | number | boolean | null | undefined>;

/** An element with attributes (false, null and undefined are left out) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** Name a control or a part of a card, so that a notebook can leave it out: its name stands in Python's `parts`. */
export function part<E extends Element>(name: string, element: E): E {
  element.setAttribute("data-fe-part", name);
  return element;
}

/** Pixels of the window for each pixel of the layout: presenter mode enlarges the page by CSS `zoom`. */
export function zoomOf(element: Element): number {
  return (element as Element & { currentCSSZoom?: number }).currentCSSZoom || 1;
}

/** Where an element is, in pixels of the layout, which `getBoundingClientRect` does not give in presenter mode. */
export function boxOf(element: Element) {
  const { left, top, width, height } = element.getBoundingClientRect(), zoom = zoomOf(element);
  return { left: left / zoom, top: top / zoom, width: width / zoom, height: height / zoom };
}

/** How far right and down in an element the pointer is, in pixels of the layout. */
export function placeIn(
  element: Element,
  { clientX, clientY }: { clientX: number; clientY: number },
): [number, number] {
  const { left, top } = element.getBoundingClientRect(), zoom = zoomOf(element);
  return [(clientX - left) / zoom, (clientY - top) / zoom];
}

/** Set an element's text only when it differs, so that nothing is redrawn for nothing. */
export function text(element: Element, value: string) {
  if (element.textContent !== value) element.textContent = value;
}

type Field = HTMLInputElement | HTMLSelectElement;

/** The fields that hold what nobody has sent yet, each with the last value `fill` had for it meanwhile. */
const typing = new WeakMap<EventTarget, string | null>();

/** From now on `fill` leaves a field of the card alone from the first letter typed, or pixel dragged, to its change. */
export function keepTyping(root: HTMLElement, signal: AbortSignal) {
  // In the capture phase, that is before the field's own listeners: they may call `fill`.
  const on = (type: string, act: (field: EventTarget) => void) =>
    root.addEventListener(type, ({ target }) => act(target!), { signal, capture: true });
  on("input", (field) => typing.set(field, typing.get(field) ?? null));
  on("change", (field) => typing.delete(field));
  on("focusout", (field) => {
    const value = typing.get(field);
    if (value != null) (field as Field).value = value;
    typing.delete(field);
  });
}

/** Show a value in a field, unless somebody is just typing there; then once they leave it without a change. */
export function fill(field: Field, value: string) {
  if (typing.has(field)) typing.set(field, value);
  else if (field.value !== value) field.value = value;
}

/** A number as people read it: `digits` significant ones, no exponent where it can be helped. */
export function number(value: number | null | undefined, digits = 3): string {
  if (value == null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const shown = size >= 1e5 || size < 1e-4
    ? value.toExponential(digits - 1)
    : value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  return shown.replace("-", "−");
}

/** A name no other element or view has; also where a page is not served securely. */
export function uniqueId(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join("-");
}
