// What a lesson page does while it arrives: puts outputs in their places and says what it is waiting for.
// The template calls text, running, ran and finished in this order, or text and still where there is no kernel.
const firstepoch = (() => {
  const slots = []; // those still to come, in the order in which their cells run
  let cells = 0;
  let state = "loading";

  const say = (text, kind = "") => {
    const line = document.getElementById("fe-status");
    if (line.textContent !== text) line.textContent = text;
    line.className = `fe-status ${kind}`;
    line.hidden = text === "";
  };

  const fail = (text) => {
    if (state === "failed") return;
    state = "failed";
    say(text, "fe-failed");
    document.querySelectorAll("[data-waiting]").forEach((slot) => slot.removeAttribute("data-waiting"));
  };

  const sections = () => {
    const list = document.getElementById("fe-sections");
    if (!list) return;
    const links = new Map();
    for (const heading of document.querySelectorAll(".fe-text h2")) {
      const link = document.createElement("a");
      link.textContent = heading.textContent.replace("¶", "");
      link.href = `#${heading.id}`;
      link.addEventListener("click", () => document.getElementById("fe-contents").hidePopover?.());
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
      links.set(heading, link);
    }
    // The section being read is the last one whose heading has passed the upper third of the window.
    const mark = () => {
      const passed = [...links.keys()].filter((one) => one.getBoundingClientRect().top < innerHeight / 3);
      links.forEach((link, heading) => {
        if (heading === passed.at(-1)) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  };

  const headingBefore = (slot) => {
    const headings = [...document.querySelectorAll(".fe-text :is(h1, h2, h3)")];
    const before = headings.filter((one) => one.compareDocumentPosition(slot) & Node.DOCUMENT_POSITION_FOLLOWING);
    return before.at(-1)?.textContent.replace("¶", "");
  };

  const ready = () => {
    state = "ready";
    say("");
    document.documentElement.dataset.feReady = "";
  };

  // Voilà takes an output's script away first, and draws its widget in the same place later.
  const waitForWidgets = (patience = 600) => {
    if (state === "failed") return;
    const drawn = (widget) => widget.querySelector(".jp-OutputArea-output")?.childElementCount > 0;
    const left = [...document.querySelectorAll(".fe-widget")].filter((widget) => !drawn(widget)).length;
    if (left === 0) ready();
    else if (patience === 0) fail("The widgets did not start. Load the page again.");
    else setTimeout(waitForWidgets, 100, patience - 1);
  };

  window.voila_finish = () => {};
  window.voila_process = () => {};
  document.addEventListener("DOMContentLoaded", () => {
    if (state === "loading") fail("The page did not arrive completely. Is the server still running? Load it again.");
  });

  return {
    text(count) {
      cells = count;
      slots.push(...document.querySelectorAll(".fe-slot"));
      sections();
    },
    still() {
      ready();
    },
    running() {
      if (!slots.length || state === "failed") return;
      const heading = headingBefore(slots[0]);
      say(`Running cell ${cells - slots.length + 1} of ${cells}${heading ? `: ${heading}` : ""}…`);
    },
    busy() {},
    ran(index) {
      const slot = document.getElementById(`fe-slot-${index}`);
      const output = document.getElementById(`fe-output-${index}`);
      slot.removeAttribute("data-waiting");
      slot.append(...output.childNodes);
      output.remove();
      slots.shift();
      const done = cells - slots.length;
      if (slot.querySelector(".fe-failed")) fail(`Cell ${done} of ${cells} failed. What needs it is not shown.`);
      else this.running();
    },
    finished() {
      if (state === "failed") return;
      state = "starting";
      say("Starting the widgets…");
      waitForWidgets();
    },
    failed() {
      fail("The widgets could not be loaded. Is the server still running? Load the page again.");
    },
  };
})();
