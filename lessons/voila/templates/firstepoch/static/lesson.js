// What a lesson page does while it arrives: puts outputs in their places and says what it is waiting for; later, that
// Python is gone. The template calls text, running, ran and finished in this order, or text and still without a kernel.
const firstepoch = (() => {
  const slots = []; // those still to come, in the order in which their cells run
  let cells = 0;
  let state = "loading";
  let moved = false;

  const say = (text, kind = "") => {
    const line = document.getElementById("fe-status");
    if (line.firstChild?.textContent === text && line.classList.contains("fe-failed") === (kind === "fe-failed")) return;
    line.textContent = text;
    line.className = `fe-status ${kind}`;
    line.hidden = text === "";
    if (kind !== "fe-failed") return;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Load the page again";
    again.addEventListener("click", () => location.reload());
    line.append(" ", again);
  };

  const fail = (text) => {
    if (state === "failed") return;
    state = "failed";
    say(text, "fe-failed");
    document.querySelectorAll("[data-waiting]").forEach((slot) => slot.removeAttribute("data-waiting"));
  };

  const headings = (levels) => [...document.querySelectorAll(`.fe-text :is(${levels})`)];
  const title = (heading) => heading.textContent.replace("¶", "");

  const sections = () => {
    const list = document.getElementById("fe-sections");
    if (!list) return;
    const links = new Map();
    for (const heading of headings("h2")) {
      const link = document.createElement("a");
      link.textContent = title(heading);
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
    const follows = (one) => one.compareDocumentPosition(slot) & Node.DOCUMENT_POSITION_FOLLOWING;
    const heading = headings("h1, h2, h3").findLast(follows);
    return heading ? ` (${title(heading)})` : "";
  };

  const run = (loading = "") => {
    if (!slots.length || state === "failed") return;
    slots[0].dataset.waiting = "now";
    const cell = `Running cell ${cells - slots.length + 1} of ${cells}${headingBefore(slots[0])}`;
    say(loading ? `${cell}: loading ${loading}, which takes some seconds…` : `${cell}…`);
  };

  const start = (ahead) => {
    if (state !== "loading") return;
    if (ahead === null) say("Starting Python…");
    else if (ahead === 0) say("Starting Python: this page is next…");
    else if (ahead === 1) say("Starting Python: 1 page is before this one…");
    else say(`Starting Python: ${ahead} pages are before this one…`);
  };

  const UNUSED =
    "The link to this page has settings in it, but nothing on this page takes them. You see the lesson as it was written.";
  const linked = () => document.querySelector("[data-fe-linked], .fe-linked");
  addEventListener("firstepoch-linked", () => state === "ready" && say(""));
  const ready = () => {
    state = "ready";
    document.documentElement.dataset.feReady = "";
    say("");
    // A card is drawn a moment after its place is; on a slow machine one may take the link after all, and says so.
    if (location.search.length > 1) setTimeout(() => state === "ready" && !linked() && say(UNUSED), 1500);
    // A card that a link points at is there only now; whoever has begun to read stays where they are.
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && !moved) target.scrollIntoView({ behavior: "instant" });
  };

  // ipywidgets looks for a widget's model for two seconds. A model that comes later is drawn at the signal "restored", but
  // not if everything is restored by then, as in a busy browser: while a page starts, this is hidden and the signal comes
  // again, after more than those two seconds, so that nothing is drawn twice.
  const drawLate = (manager) => {
    let restored = manager.restoredStatus;
    manager.restored.connect(() => restored = true);
    Object.defineProperty(manager, "restoredStatus", { value: false, configurable: true });
    const again = setInterval(() => {
      if (state !== "starting") {
        clearInterval(again);
        delete manager.restoredStatus;
      } else if (restored) manager.restored.emit();
    }, 3000);
  };

  // Voilà takes an output's script away first, and draws its widget in the same place later.
  const waitForWidgets = (manager, patience = 600) => {
    if (state === "failed") return;
    const found = manager ?? window.jupyterapp?.widgetManager;
    if (found && !manager) drawLate(found);
    const drawn = (widget) => widget.querySelector(".jp-OutputArea-output")?.childElementCount > 0;
    const left = [...document.querySelectorAll(".fe-widget")].filter((widget) => !drawn(widget)).length;
    if (left === 0) ready();
    else if (patience === 0) fail("The widgets did not start.");
    else setTimeout(waitForWidgets, 100, found, patience - 1);
  };

  // The page hears from Python over one socket. What closes it, or says that Python died, is told: a card would be mute.
  const LOST = "The connection to Python is lost. Until it is back, buttons and sliders change nothing. Trying again…";
  const DIED = "Python has stopped. What you see stays, and what is recorded still plays, but nothing new can be worked out.";
  const AWAY = "This page was without Python for too long. Load it again to go on; what you answered is kept in your browser.";
  let leaving = false;
  const settings = () => JSON.parse(document.getElementById("jupyter-config-data").textContent);
  // JupyterLab tries to connect again, for some minutes; whether there is still a Python to be found it does not ask.
  const waitForPython = async () => {
    const { baseUrl, kernelId } = settings();
    for (let found = 0; state === "lost";) {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const answer = await fetch(`${baseUrl}api/kernels/${kernelId}`, { cache: "no-store" }).catch(() => null);
      const there = answer?.ok && !answer.redirected;
      found += there ? 1 : 0;
      if (state === "lost" && (found === 60 || (!there && answer && answer.status < 500))) fail(AWAY);
    }
  };
  const Socket = globalThis.WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(address, protocols) {
      super(address, protocols);
      if (!/\/api\/kernels\/[^/]+\/channels/.test(address)) return;
      this.addEventListener("open", () => state === "lost" && ready());
      this.addEventListener("close", () => {
        if (leaving || ["failed", "lost"].includes(state)) return;
        state = "lost";
        say(LOST, "fe-failed");
        waitForPython();
      });
      this.addEventListener("message", ({ data }) => {
        if ((data.byteLength ?? data.length) > 4000) return;
        const text = typeof data === "string" ? data : new TextDecoder().decode(data);
        if (/"execution_state": ?"(auto)?(restarting|dead)"/.test(text)) fail(DIED);
      });
    }
  };
  addEventListener("pagehide", () => leaving = true);
  // A page that the browser kept and shows again has ended its kernel when it was left.
  addEventListener("pageshow", ({ persisted }) => persisted && cells && location.reload());
  for (const event of ["wheel", "keydown", "pointerdown", "touchmove"]) {
    addEventListener(event, () => moved = true, { once: true, passive: true });
  }

  window.voila_finish = () => {};
  window.voila_process = () => {};
  document.addEventListener("DOMContentLoaded", () => {
    if (state === "loading") fail("The page did not arrive completely. Is the server still running?");
  });

  // Voilà ends the Python of a page that is left too, but only once all of its own script has loaded.
  addEventListener("pagehide", ({ persisted }) => {
    if (persisted || !document.getElementById("jupyter-config-data")) return;
    const { baseUrl, kernelId } = settings();
    const form = new FormData();
    form.append("_xsrf", document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "");
    if (kernelId) navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`, form);
  });

  return {
    say,
    failed: fail,
    text(count) {
      cells = count;
      slots.push(...document.querySelectorAll(".fe-slot"));
      // What may be wider than a phone is scrolled by keyboard too.
      document.querySelectorAll(".fe-text :is(pre, table)").forEach((one) => one.tabIndex = 0);
      sections();
    },
    still: ready,
    running: () => run(),
    busy(loading, ahead) {
      if (document.querySelector('[data-waiting="now"]')) run(loading);
      else start(ahead);
    },
    ran(index) {
      const slot = document.getElementById(`fe-slot-${index}`);
      const output = document.getElementById(`fe-output-${index}`);
      slot.removeAttribute("data-waiting");
      slot.append(...output.childNodes);
      output.remove();
      slots.shift();
      if (slot.querySelector(".fe-failed")) {
        fail(`Cell ${cells - slots.length} of ${cells} failed${headingBefore(slot)}. What needs it is not shown.`);
      } else run();
    },
    finished() {
      if (slots.length) fail(`Cell ${cells - slots.length} of ${cells} took too long. What comes after it is not shown.`);
      if (state === "failed") return;
      state = "starting";
      say("Starting the widgets…");
      waitForWidgets();
    },
  };
})();
