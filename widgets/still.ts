/** The still picture that Python put beside a widget gives way to the live one, and comes back when that is gone. */
import type { AnyModel } from "@anywidget/types";

export function hideStill(model: AnyModel, signal: AbortSignal): void {
  const name = model.get("_still");
  if (!name) return;
  const style = document.createElement("style");
  style.textContent =
    `.${name}, :is(.fe-html, .jp-OutputArea-child):has(.${name}) { display: none !important; }`;
  document.head.append(style);
  signal.addEventListener("abort", () => style.remove());
}
