import { card } from "../../widgets/card.ts";
import { fill, h, part } from "../../widgets/dom.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

const FIRST = {
  batch_size: 32,
  learning_rate: 0.1,
  function: "bowl",
  start: [2],
  selection: "",
  rate: null,
};
const WHERE = { origin: "http://here:8866", pathname: "/voila/render/a b.ipynb", hash: "" };

interface Fixture {
  values?: Record<string, unknown>;
  told?: Record<string, unknown>;
  hide?: string[];
  folds?: boolean;
  hash?: string;
}

/** A card around a view of two controls and, where `folds`, a place for folds. */
function open({ values = {}, told = {}, hide = [], folds = true, hash = "" }: Fixture = {}) {
  const page = openPage();
  const before = ["location", "navigator", "requestAnimationFrame"].map((name) =>
    [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const
  );
  const put = (name: string, value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  const copied: string[] = [];
  put("location", { ...WHERE, hash });
  put("requestAnimationFrame", (call: () => void) => call());
  put("navigator", {
    clipboard: { writeText: (words: string) => Promise.resolve(copied.push(words)) },
  });
  const traits: Record<string, unknown> = {
    ...FIRST,
    ...values,
    hide,
    _card: { id: "fe-Race-2", ...told },
  };
  const heard = new Map<string, () => void>();
  const model = {
    get: (name: string) => traits[name],
    on: (name: string, call: () => void) => heard.set(name, call),
    off: (name: string) => heard.delete(name),
  };
  const el = page.document.createElement("div");
  page.document.body.append(el);
  const closed = new AbortController();
  let scrolled = 0;
  const render = card(({ el }) => {
    const root = h(
      "section",
      { class: "fe" },
      h("header"),
      part("batch_size", h("input")),
      part("settings", h("div")),
    );
    if (folds) root.append(h("div", { class: "fe-folds" }));
    root.scrollIntoView = () => scrolled++;
    el.append(root);
  });
  // deno-lint-ignore no-explicit-any
  const show = (where: Element) => render({ model, el: where, signal: closed.signal } as any);
  show(el);
  const root = el.querySelector<HTMLElement>(".fe")!;
  return {
    page,
    root,
    copied,
    heard,
    put,
    show,
    scrolled: () => scrolled,
    set(changes: Record<string, unknown>) {
      Object.assign(traits, changes);
      Object.keys(changes).forEach((name) => heard.get(`change:${name}`)?.());
    },
    button: (name: string) =>
      [...root.querySelectorAll("button")].find((one) =>
        one.textContent === name || one.getAttribute("aria-label") === name
      )!,
    /** What the button that copies gives. */
    async link() {
      this.button("Copy a link to this state").dispatchEvent(
        new page.document.defaultView!.Event("click"),
      );
      await new Promise((done) => setTimeout(done));
      return copied.at(-1);
    },
    close() {
      closed.abort();
      assertEquals(page.listeners(), 0);
      assertEquals(heard.size, 0);
      for (const [name, was] of before) {
        if (was) Object.defineProperty(globalThis, name, was);
        // deno-lint-ignore no-explicit-any
        else delete (globalThis as any)[name];
      }
      page.restore();
    },
  };
}

Deno.test("card: a link holds what differs from the notebook, and leads to the card", async () => {
  const it = open({
    told: { first: FIRST },
    values: { learning_rate: 0.5, selection: ":, 0", rate: 0 },
  });
  assertEquals(
    await it.link(),
    "http://here:8866/voila/render/a b.ipynb?widget=Race-2&learning_rate=0.5&selection=%3A%2C+0&rate=0#fe-Race-2",
  );
  assertEquals(it.root.querySelector(".fe-link [role=status]")!.textContent, "Copied.");
  it.set({ learning_rate: 0.1, selection: "", rate: null, start: [2], batch_size: 8 });
  assert((await it.link())!.endsWith("?widget=Race-2&batch_size=8#fe-Race-2"));
  it.set({ batch_size: 32 });
  assert((await it.link())!.endsWith("?widget=Race-2#fe-Race-2"));
  it.close();
});

Deno.test("card: text that reads as JSON is quoted; text that does not is not", async () => {
  const it = open({ told: { first: FIRST } });
  const written = async (selection: string) => {
    it.set({ selection });
    return new URL((await it.link())!).searchParams.get("selection");
  };
  assertEquals(await written("0"), '"0"');
  assertEquals(await written("null"), '"null"');
  assertEquals(await written('"a"'), '"\\"a\\""');
  assertEquals(await written("..., -1"), "..., -1");
  assertEquals(await written("<b>&x=1#y"), "<b>&x=1#y");
  it.close();
});

Deno.test("card: a property that brings another takes it along, as it stands", async () => {
  const it = open({
    told: { first: FIRST, brings: { function: ["start"] } },
    values: { function: "valley" },
  });
  assert((await it.link())!.endsWith("?widget=Race-2&function=valley&start=%5B2%5D#fe-Race-2"));
  it.close();
});

Deno.test("card: where the page may not copy, the link is selected in a field that is read only", async () => {
  const it = open({ told: { first: FIRST }, values: { batch_size: 8 } });
  it.put("navigator", {});
  const field = it.root.querySelector<HTMLInputElement>(".fe-link input")!;
  let selected = 0;
  field.select = () => selected++;
  assert(field.hidden);
  await it.link();
  assert(!field.hidden && field.readOnly !== false && field.hasAttribute("readonly"));
  assertEquals([field.value.split("?")[1], selected], ["widget=Race-2&batch_size=8#fe-Race-2", 1]);
  assert(it.root.querySelector(".fe-link")!.textContent!.includes("take the link from the field"));
  it.close();
});

Deno.test("card: the link's button is in the folds, or at the end; where there are no links there is none", () => {
  for (const folds of [true, false]) {
    const it = open({ told: { first: FIRST }, folds });
    const parent = it.root.querySelector(".fe-link")!.parentElement!;
    assertEquals(parent.className, folds ? "fe-folds" : "fe");
    it.close();
  }
  const it = open();
  assertEquals(it.root.querySelector(".fe-link"), null);
  it.close();
});

Deno.test("card: it says what a link set, and what was refused, as text, until the note is closed", () => {
  const it = open({
    told: { first: FIRST, set: ["Set by the link: batch_size 8."], refused: [] },
  });
  assert(it.root.hasAttribute("data-fe-linked"));
  const note = it.root.querySelector("header")!.nextElementSibling!;
  assertEquals([note.getAttribute("role"), note.querySelector("p")!.textContent], [
    "status",
    "Set by the link: batch_size 8.",
  ]);
  it.button("close this note").dispatchEvent(new it.page.document.defaultView!.Event("click"));
  assertEquals(it.root.querySelector(".fe-note"), null);
  it.close();

  const refused = "The link could not set <img src=x onerror=alert(1)>.";
  const other = open({
    told: { first: FIRST, set: ["Set by the link: seed 1."], refused: [refused] },
  });
  const alert = other.root.querySelector("[role=alert]")!;
  assertEquals([...alert.querySelectorAll("p")].map((one) => one.textContent), [
    "Set by the link: seed 1.",
    `⚠ ${refused}`,
  ]);
  assertEquals(alert.querySelector("img"), null);
  other.close();
});

Deno.test("card: a link to a card as it is marks it and says nothing; no link marks nothing", () => {
  const it = open({ told: { first: FIRST, set: [], refused: [] } });
  assert(it.root.hasAttribute("data-fe-linked"));
  assertEquals(it.root.querySelector(".fe-note"), null);
  it.close();
  const none = open({ told: { first: FIRST } });
  assert(!none.root.hasAttribute("data-fe-linked"));
  none.close();
});

Deno.test("card: it has its name once on a page, and is scrolled to where the address has that name", () => {
  const it = open({ hash: "#fe-Race-2" });
  assertEquals([it.root.id, it.scrolled()], ["fe-Race-2", 1]);
  const second = it.page.document.createElement("div");
  it.page.document.body.append(second);
  it.show(second);
  assertEquals(second.querySelector(".fe")!.id, "");
  it.close();
  const other = open({ hash: "#fe-Race-1" });
  assertEquals(other.scrolled(), 0);
  other.close();
});

Deno.test("card: what is hidden is not laid out, whatever the view does, and comes back", () => {
  const it = open({ hide: ["seed"] });
  const rules = it.root.querySelector("style")!;
  assertEquals(
    rules.textContent,
    '[data-fe-hide~="seed"] [data-fe-part~="seed"]{display:none!important}',
  );
  it.set({ hide: ["batch_size", "link"] });
  assertEquals(it.root.dataset.feHide, "batch_size link");
  assert(rules.textContent!.includes('[data-fe-part~="batch_size"]{display:none!important}'));
  assert(!rules.textContent!.includes("seed"));
  it.set({ hide: [] });
  assertEquals(rules.textContent, "");
  it.close();
});

Deno.test("card: a view whose kernel is older has no card around it, and is drawn", () => {
  const it = open({ told: { id: undefined } });
  assert(it.root.querySelector("header"));
  assertEquals([it.root.id, it.root.querySelector(".fe-link")], ["", null]);
  it.close();
});

Deno.test("card: what has the focus is marked, so that no shortcut of a notebook takes its keys", () => {
  const it = open();
  const field = it.root.querySelector("input")!;
  assert(!field.hasAttribute("data-lm-suppress-shortcuts"));
  field.dispatchEvent(new it.page.document.defaultView!.Event("focusin", { bubbles: true }));
  assertEquals(field.getAttribute("data-lm-suppress-shortcuts"), "true");
  it.close();
});

Deno.test("card: a field in which somebody types is left alone, and shows the news if it is left without a change", () => {
  const it = open();
  const field = it.root.querySelector("input")!;
  const fire = (type: string) =>
    field.dispatchEvent(new it.page.document.defaultView!.Event(type, { bubbles: true }));
  const typed = (value: string) => {
    field.value = value;
    fire("input");
  };
  fill(field, "32");
  assertEquals(field.value, "32");

  typed("7");
  fill(field, "16");
  assertEquals(field.value, "7");
  fire("change");
  fire("focusout");
  // It was sent; its answer is on its way.
  assertEquals(field.value, "7");
  fill(field, "5");
  assertEquals(field.value, "5");

  typed("8");
  fill(field, "10");
  typed("5");
  fire("focusout");
  assertEquals(field.value, "10");
  fill(field, "11");
  assertEquals(field.value, "11");

  typed("9");
  fire("focusout");
  assertEquals(field.value, "9");
  it.close();
});
