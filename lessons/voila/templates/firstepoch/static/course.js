// How far the learner is in each lesson. The widgets keep it in this browser; this only reads it, shows it, forgets it.
firstepoch.progress = (() => {
  const KEY = "firstepoch.progress.";
  const ANSWERED = ["right", "shown", "done"];

  const items = (lesson) => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY + lesson))?.items;
      return kept && typeof kept === "object" ? Object.values(kept) : [];
    } catch {
      return []; // nothing kept, or nothing that can be read
    }
  };

  // A lesson whose questions have no names of their own is remembered by the address of its page.
  const names = (lesson, link) => [lesson, new URL(link.href).pathname];

  const count = (lesson, link) => {
    const all = names(lesson, link).flatMap(items);
    return { all: all.length, answered: all.filter((item) => ANSWERED.includes(item?.state)).length };
  };

  // A ring that fills; a check mark once it is full.
  const sign = ({ all, answered }) => {
    const arc = `<circle cx="8" cy="8" r="6.5" class="fe-sign-arc" pathLength="${all}"
      stroke-dasharray="${answered} ${all}" transform="rotate(-90 8 8)"/>`;
    const ring = `<circle cx="8" cy="8" r="6.5" class="fe-sign-ring"/>${all && answered ? arc : ""}`;
    const full = '<circle cx="8" cy="8" r="8" class="fe-sign-full"/><path d="M4.5 8.5 7 11l4.5-5.5" class="fe-sign-check"/>';
    const made = document.createElement("span");
    made.className = "fe-sign";
    made.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true">${all && answered === all ? full : ring}</svg>`;
    return made;
  };

  const words = ({ all, answered }) => {
    const made = document.createElement("span");
    made.className = all ? "fe-count" : "fe-count fe-unseen";
    made.textContent = all ? `${answered} of ${all}` : "not begun";
    return made;
  };

  const show = () => {
    for (const item of document.querySelectorAll("[data-fe-lesson]:not([data-fe-start])")) {
      const link = item.querySelector("a");
      const now = count(item.dataset.feLesson, link);
      link.querySelectorAll(".fe-sign, .fe-count").forEach((old) => old.remove());
      link.prepend(sign(now));
      link.append(" ", words(now));
    }
  };

  // On a page that lists the lessons, each of its links shows the same as the contents do.
  const mark = () => {
    const links = [...document.querySelectorAll("#fe-contents [data-fe-lesson] > a")];
    const known = new Map(links.map((one) => [one.href, one.parentElement.dataset.feLesson]));
    for (const link of document.querySelectorAll("main li > a:first-child")) {
      if (!known.has(link.href)) continue;
      link.parentElement.dataset.feLesson = known.get(link.href);
      link.closest("ul, ol").classList.add("fe-lessons");
    }
  };

  const forget = (lessons) => {
    for (const lesson of lessons) {
      try {
        localStorage.removeItem(KEY + lesson);
      } catch {
        // nothing was kept
      }
      // The cards on this page take their answers back, and say that they are there.
      dispatchEvent(new CustomEvent("firstepoch-reset", { detail: { lesson } }));
    }
    show();
    firstepoch.say("Your answers are forgotten. You can begin anew.");
    scrollTo(0, 0);
    document.getElementById("lesson").focus({ preventScroll: true });
  };

  const here = () => {
    const item = document.querySelector("#fe-contents a[aria-current=page]")?.parentElement;
    return item ? names(item.dataset.feLesson, item.querySelector("a")) : [location.pathname];
  };
  const everywhere = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map((key) => key.slice(KEY.length));
    } catch {
      return []; // a browser that keeps nothing
    }
  };

  const offerToForget = () => {
    const dialog = document.getElementById("fe-forget");
    document.getElementById("fe-again").addEventListener("click", () => {
      document.getElementById("fe-contents").hidePopover?.();
      dialog.returnValue = "";
      dialog.showModal();
    });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "forget") forget(dialog.querySelector("[data-fe-all]") ? everywhere() : here());
    });
  };

  addEventListener("storage", show);
  addEventListener("firstepoch-progress", show);
  addEventListener("pageshow", show);
  return () => {
    mark();
    show();
    offerToForget();
  };
})();
