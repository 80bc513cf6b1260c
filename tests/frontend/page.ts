/** A linkedom page for tests, with a count of the listeners that are still hung on anything in it. */
import { parseHTML } from "linkedom";

export interface Page {
  document: Document;
  /** Listeners added and not yet taken away, by removal or by their signal. */
  listeners(): number;
  restore(): void;
  press(target: Element, key: string, init?: Record<string, unknown>): Event;
}

export function openPage(): Page {
  const window = parseHTML("<html><body></body></html>") as unknown as Window & typeof globalThis;
  const document = window.document as unknown as Document;
  const before = [
    globalThis.document,
    globalThis.requestAnimationFrame,
    globalThis.cancelAnimationFrame,
  ];
  Object.assign(globalThis, {
    document,
    requestAnimationFrame: () => 1,
    cancelAnimationFrame: () => {},
  });
  // linkedom's select can be read but not set.
  const select = Object.getPrototypeOf(document.createElement("select"));
  const value = Object.getOwnPropertyDescriptor(select, "value");
  Object.defineProperty(select, "value", {
    configurable: true,
    get(this: HTMLSelectElement) {
      return this.getAttribute("data-value") ?? this.querySelector("option")?.value ?? "";
    },
    set(this: HTMLSelectElement, value: string) {
      this.setAttribute("data-value", value);
    },
  });
  const held = new Set<string>();
  let next = 0;
  const prototype = findPrototype(document.createElement("div"));
  const { addEventListener, removeEventListener } = prototype;
  const names = new WeakMap<object, Map<string, string>>();
  prototype.addEventListener = function (
    this: object,
    type: string,
    listener: EventListener,
    options?: AddEventListenerOptions,
  ) {
    const id = `${type} ${next++}`;
    held.add(id);
    const own = names.get(listener) ?? new Map();
    names.set(listener, own.set(type, id));
    options?.signal?.addEventListener("abort", () => held.delete(id), { once: true });
    return addEventListener.call(this, type, listener, options);
  };
  prototype.removeEventListener = function (this: object, type: string, listener: EventListener) {
    held.delete(names.get(listener)?.get(type) ?? "");
    return removeEventListener.call(this, type, listener);
  };
  return {
    document,
    listeners: () => held.size,
    restore() {
      Object.assign(prototype, { addEventListener, removeEventListener });
      if (value) Object.defineProperty(select, "value", value);
      else delete select.value;
      const [document, requestAnimationFrame, cancelAnimationFrame] = before;
      Object.assign(globalThis, { document, requestAnimationFrame, cancelAnimationFrame });
    },
    press(target, key, init = {}) {
      const event = new window.Event("keydown", { bubbles: true, cancelable: true });
      Object.assign(event, {
        key,
        ctrlKey: false,
        metaKey: false,
        altKey: false,
        shiftKey: false,
        ...init,
      });
      target.dispatchEvent(event);
      return event;
    },
  };
}

// deno-lint-ignore no-explicit-any
function findPrototype(element: object): any {
  let found = element;
  while (!Object.hasOwn(found, "addEventListener")) found = Object.getPrototypeOf(found);
  return found;
}
