import type { LevelKey, StackTraits } from "../../widgets/stack/traits.ts";
import view from "../../widgets/stack/view.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

type Listener = (...values: unknown[]) => void;

function traits(): StackTraits & { problem: string; _still: string } {
  const level = (key: LevelKey, title: string, here = "", boxes: string[] = []) => ({
    key,
    title,
    sub: `sub of ${key}`,
    boxes: boxes.map((name, at) => ({
      name,
      state: at ? "not installed" : "runs here",
      used: !at,
    })),
    does: `It does ${key}.`,
    here,
  });
  return {
    title: "One line, and what lies under it",
    level: "code",
    kind: "layers",
    status: "done",
    levels: [
      level("code", "Your code", "Python 3.11."),
      level("keras", "Keras", "Keras 3.15."),
      level("backend", "Backend: TensorFlow", "", ["TensorFlow", "JAX"]),
      level("hardware", "Hardware"),
    ],
    shelves: [
      {
        kind: "layers",
        count: 3,
        told: "3 kinds of layers.",
        families: [{ name: "core", names: ["Dense", "Lambda"] }, {
          name: "",
          names: ["TFSMLayer"],
        }],
        lecture: ["Dense"],
      },
      {
        kind: "applications",
        count: 1,
        told: "1 network.",
        families: [{ name: "", names: ["VGG16"] }],
        lecture: [],
      },
    ],
    operations: [["MatMul", 5], ["Sqrt", 8]],
    footnote: "Keras's documentation.",
    problem_found: "",
    code: "import keras",
    problem: "",
    _still: "",
  };
}

function mount(changes: Partial<StackTraits> = {}) {
  const page = openPage();
  const values = { ...traits(), ...changes } as unknown as Record<string, unknown>;
  const on = new Map<string, Set<Listener>>();
  let saves = 0;
  const change = (name: string, value: unknown) => {
    values[name] = value;
    on.get(`change:${name}`)?.forEach((call) => call());
  };
  const model = {
    get: (name: string) => values[name],
    set: change,
    save_changes: () => saves++,
    send: () => {},
    on: (name: string, call: Listener) => {
      if (!on.has(name)) on.set(name, new Set());
      on.get(name)!.add(call);
    },
    off: (name: string, call: Listener) => on.get(name)?.delete(call),
  };
  const el = page.document.createElement("div");
  page.document.body.append(el);
  const closing = new AbortController();
  // deno-lint-ignore no-explicit-any
  view.render({ model, el, signal: closing.signal } as any);
  return {
    page,
    el,
    values,
    change,
    saves: () => saves,
    heard: () => [...on.values()].reduce((sum, calls) => sum + calls.size, 0),
    find: (selector: string) => el.querySelector(selector)! as HTMLElement,
    floors: () => [...el.querySelectorAll(".fe-stack-floor")] as HTMLElement[],
    fire(target: Element, type: string) {
      target.dispatchEvent(new (page.document.defaultView!.Event)(type, { bubbles: true }));
    },
    close() {
      closing.abort();
      page.restore();
    },
  };
}

Deno.test("stack: a level that is chosen says what it does and what was found of it", () => {
  const view = mount();
  assertEquals(view.floors().length, 4);
  assertEquals(view.find(".fe-stack-told h3").textContent, "Your code");
  assertEquals(view.find(".fe-stack-here").textContent, "On this machine: Python 3.11.");
  assert(
    view.find(".fe-stack-library").hidden || view.find(".fe-stack-library").hasAttribute("hidden"),
  );
  view.fire(view.floors()[2], "click");
  assertEquals(view.values.level, "backend");
  assertEquals(view.saves(), 1);
  assertEquals(view.find(".fe-stack-told").textContent!.includes("It does backend."), true);
  assertEquals(view.find(".fe-stack-here").textContent, "");
  assert(!view.find(".fe-stack-footnote").hasAttribute("hidden"));
  assertEquals(
    view.floors().map((one) => one.getAttribute("aria-pressed")).join(),
    "false,false,true,false",
  );
  assertEquals(view.find(".fe-stack-used").textContent, "✓ TensorFlowruns here");
  view.close();
});

Deno.test("stack: arrow keys go down and up the levels and stop at the ends", () => {
  const view = mount();
  view.page.press(view.floors()[0], "ArrowDown");
  assertEquals(view.values.level, "keras");
  view.page.press(view.floors()[1], "ArrowUp");
  assertEquals(view.values.level, "code");
  view.page.press(view.floors()[0], "ArrowUp");
  assertEquals(view.values.level, "code");
  assertEquals(view.saves(), 2);
  view.close();
});

Deno.test("stack: what Keras brings along, by family, with the lecture's marked", () => {
  const view = mount({ level: "keras" });
  assert(!view.find(".fe-stack-library").hasAttribute("hidden"));
  const options = [...view.el.querySelectorAll("option")].map((one) => one.textContent);
  assertEquals(options, ["layers (3)", "applications (1)"]);
  assertEquals(view.find(".fe-stack-lecture").textContent, "★ Dense (in the lecture)");
  assertEquals([...view.el.querySelectorAll("li")].length, 3);
  assertEquals(view.find("h4").textContent, "core (2)");
  const select = view.find("select") as HTMLSelectElement;
  select.value = "applications";
  view.fire(select, "change");
  assertEquals(view.values.kind, "applications");
  assertEquals([...view.el.querySelectorAll("li")].map((one) => one.textContent), ["VGG16"]);
  assert(view.find(".fe-stack-key").hasAttribute("hidden"));
  view.close();
});

Deno.test("stack: before Keras is loaded it says so, and what fails is said", () => {
  const view = mount({ status: "loading", shelves: [], operations: [], level: "keras" });
  assert(view.find(".fe-stack-busy").textContent!.startsWith("Loading Keras"));
  assert((view.find("select") as HTMLSelectElement).disabled);
  view.change("problem_found", "Keras could not be read: no module.");
  view.change("status", "failed");
  assert(view.find("[role=alert]").textContent!.includes("no module"));
  view.change("operations", traits().operations);
  assertEquals(
    [...view.el.querySelectorAll("tbody tr")].map((row) => row.textContent),
    ["MatMul5", "Sqrt8"],
  );
  view.close();
});

Deno.test("stack: nothing is left after the signal, and keys typed here stay here", () => {
  const view = mount();
  let heard = 0;
  view.el.addEventListener("keydown", () => heard++);
  view.page.press(view.floors()[0], "a");
  assertEquals(heard, 0);
  assert(view.page.listeners() > 5);
  view.close();
  assertEquals(view.heard(), 0);
});
