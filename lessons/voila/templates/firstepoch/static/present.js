// Presenter mode for a hall: large type, no chrome, keys that go from section to section. And the keys of the page.
// Loaded in the head, so that a page opened in this mode is never painted small. Remembered for this tab alone.
firstepoch.present = (() => {
  const MODE = "firstepoch-presenter";
  const LETTERS = "firstepoch-no-letters";
  const root = document.documentElement;
  const keep = (storage, key, value) => {
    try {
      if (value) globalThis[storage].setItem(key, "on");
      else globalThis[storage].removeItem(key);
    } catch {
      // a browser that keeps nothing: then it holds for this page
    }
  };
  const kept = (storage, key) => {
    try {
      return globalThis[storage].getItem(key) === "on";
    } catch {
      return false;
    }
  };
  root.toggleAttribute("data-fe-presenter", kept("sessionStorage", MODE));
  const presenting = () => root.hasAttribute("data-fe-presenter");

  // Where the keys stop: the headings, and what is shown between them.
  const stops = () =>
    [...document.querySelectorAll("main .fe-text :is(h1, h2, h3), main .fe-slot > *")]
      .filter((one) => one.getBoundingClientRect().height > 8);

  const go = (direction) => {
    const ahead = stops().map((one) => ({ one, top: Math.round(one.getBoundingClientRect().top) - 16 }));
    const wanted = direction > 0 ? ahead.find(({ top }) => top > 0.2 * innerHeight) : ahead.findLast(({ top }) => top < -8);
    const screen = innerHeight * 0.85;
    // What is higher than the window is read screen by screen; what is nearly there already is no step.
    const far = !wanted || Math.abs(wanted.top) > screen;
    scrollBy({ top: far ? direction * screen : wanted.top });
    if (far) return;
    wanted.one.tabIndex = -1;
    wanted.one.dataset.feStop = "";
    wanted.one.focus({ preventScroll: true });
  };

  const set = (on) => {
    const seen = stops().find((one) => one.getBoundingClientRect().bottom > 60);
    root.toggleAttribute("data-fe-presenter", on);
    keep("sessionStorage", MODE, on);
    document.getElementById("fe-present").textContent = on ? "Leave presenter mode" : "Present";
    if (scrollY > 100) seen?.scrollIntoView({ behavior: "instant" });
  };

  const help = () => document.getElementById("fe-keys").showModal();

  const inField = (target) =>
    target.closest?.("input, select, textarea, [contenteditable], [role=slider], [role=grid], [role=application], dialog");
  const nothingFocused = () => {
    const one = document.activeElement;
    return !one || one === document.body || one.matches("main, [data-fe-stop]");
  };

  const keys = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    const letters = !kept("localStorage", LETTERS) && !event.target.closest?.(".fe");
    if (letters && event.key === "p") set(!presenting());
    else if (letters && event.key === "?") help();
    else if (presenting() && keys[event.key] && (event.key.startsWith("Page") || nothingFocused())) go(keys[event.key]);
    else return;
    event.preventDefault();
  });

  // Pictures were drawn for the width of the screen: on paper they are as much smaller as the sheet is narrower.
  addEventListener("beforeprint", () => {
    const wide = document.querySelector(".fe-slot")?.clientWidth ?? 1;
    root.style.setProperty("--fe-print", Math.min(1, 690 / wide).toFixed(3));
  });

  return () => {
    document.getElementById("fe-present").addEventListener("click", () => set(!presenting()));
    document.getElementById("fe-show-keys").addEventListener("click", help);
    const letters = document.getElementById("fe-letters");
    letters.checked = !kept("localStorage", LETTERS);
    letters.addEventListener("change", () => keep("localStorage", LETTERS, !letters.checked));
    set(presenting());
  };
})();
