// The lecturer's page: shows the figures of the class as they are, and pauses all trainings or lets them go on.
{
  const EVERY = 2000;
  const PATIENCE = 8000;
  const PRESENTER = "firstepoch-presenter";
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  // A key in the address of a page that is known already is of no use, and not to be seen on a wall.
  if (location.hash && location.hash !== "#class") {
    history.replaceState(null, "", location.pathname);
  }

  const bytes = (value) => {
    if (value === null) return "not known";
    return value < 1e9 ? `${Math.round(value / 1e6)} MB` : `${(value / 1e9).toFixed(1)} GB`;
  };
  const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;

  // Each figure with its note.
  const figures = {
    students: ({ students, kernels, seats }) => [
      students,
      `${many(kernels, "page", "pages")} open${
        seats === null ? "" : `, ${many(seats, "seat", "seats")}`
      }`,
    ],
    waiting: (
      { waiting, seats },
    ) => [waiting, seats === null ? "nobody has to: as many seats as come" : "for a free seat"],
    trainings: ({ trainings, held }) => [trainings, held ? "all are paused" : "going on"],
    memory: ({ memory }) => [bytes(memory), "by the open pages"],
    free: ({ free }) => [bytes(free), "on this machine"],
    load: ({ load, cores }) => [
      load === null ? "not known" : load.toFixed(1),
      `processes at work, on ${many(cores, "processor", "processors")}`,
    ],
  };

  const text = (id, words) => {
    const one = find(id);
    if (one.textContent !== String(words)) one.textContent = words;
  };

  // Said aloud is only what somebody has to know: not every number that moves.
  let before = null;
  const news = ({ held, waiting, died }) => {
    if (!before) return "";
    if (held !== before.held) return held ? "All trainings are paused." : "Trainings go on.";
    if (waiting && !before.waiting) {
      return `The room is full: ${many(waiting, "page waits", "pages wait")} for a seat.`;
    }
    if (!waiting && before.waiting) return "Nobody waits any more.";
    if (died > before.died) return "The Python of a page has died.";
    return "";
  };

  const heldWords = ({ held, unreached }) => {
    const now = held
      ? "All trainings are paused. Students read that you paused them; what they start waits, and Stop still answers."
      : "Students train as they like.";
    const apart = `${
      many(unreached, "page is", "pages are")
    } not reached by this switch, nor counted among the trainings: `;
    return unreached ? `${now} ${apart}the Python there is a program of its own.` : now;
  };

  const show = (now) => {
    for (const [name, words] of Object.entries(figures)) {
      const [value, note] = words(now);
      text(name, value);
      text(`${name}-note`, note);
    }
    const said = news(now);
    if (said) text("said", said);
    text("hold", now.held ? "Let them go on" : "Pause all trainings");
    text("held", heldWords(now));
    root.toggleAttribute("data-fe-held", now.held);
    find("hold").disabled = false;
    before = now;
  };

  const lost = (words) => {
    find("lost").hidden = !words;
    if (words) text("lost", words);
    root.toggleAttribute("data-fe-old", Boolean(words));
    find("hold").disabled ||= Boolean(words);
  };
  const ANEW =
    "This page is not known any more, because the server was started anew: open the link that it has printed since.";
  const SILENT =
    "The server does not answer. These figures are old; it is asked again every few seconds.";

  const base = () => document.body.dataset.baseUrl;
  const ask = async (path, body) => {
    const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";
    const options = body &&
      { method: "POST", body: new URLSearchParams(body), headers: { "X-XSRFToken": token } };
    const answer = await fetch(`${base()}class/${path}`, {
      ...options,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 403) throw new Error(ANEW);
    if (!answer.ok) throw new Error(SILENT);
    return answer;
  };
  const tell = (error) => lost(error.message === ANEW ? ANEW : SILENT);

  let round = 0;
  const refresh = async () => {
    const mine = ++round;
    try {
      const now = await (await ask("now")).json();
      if (mine !== round) return;
      show(now);
      lost("");
    } catch (error) {
      if (mine !== round) return;
      tell(error);
    }
    setTimeout(() => mine === round && refresh(), EVERY);
  };

  const press = async () => {
    find("hold").disabled = true;
    try {
      await ask("hold", { hold: before.held ? "0" : "1" });
      await refresh();
    } catch (error) {
      tell(error);
    }
  };

  const present = (on) => {
    root.toggleAttribute("data-fe-presenter", on);
    find("fe-present").setAttribute("aria-pressed", String(on));
    try {
      if (on) sessionStorage.setItem(PRESENTER, "on");
      else sessionStorage.removeItem(PRESENTER);
    } catch {
      // a browser that keeps nothing: then it holds for this page
    }
  };
  const presenting = () => root.hasAttribute("data-fe-presenter");

  document.addEventListener("DOMContentLoaded", () => {
    try {
      present(sessionStorage.getItem(PRESENTER) === "on");
    } catch {
      // nothing was kept
    }
    find("fe-present").addEventListener("click", () => present(!presenting()));
    find("hold").addEventListener("click", press);
    addEventListener("keydown", (event) => {
      if (
        event.key !== "p" || event.ctrlKey || event.metaKey || event.altKey ||
        event.target.closest("select")
      ) return;
      present(!presenting());
    });
    refresh();
  });
}
