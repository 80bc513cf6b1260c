import { assert, assertEquals } from "./assert.ts";
import { createModel, openMemory } from "./memory.ts";
import { readProgress, remember, type RememberedTraits } from "../../widgets/progress.ts";

const OPEN = { state: "open", answer: null, tries: 0 };

function card(name = "sgd/updates", traits: Partial<RememberedTraits> = {}) {
  const values = { name, state: "open", answer_given: null, tries: 0, ...traits };
  return createModel(values as RememberedTraits);
}

function open(made: ReturnType<typeof card>) {
  const closed = new AbortController();
  remember(made.model, closed.signal);
  return closed;
}

/** What is written for a lesson, as it stands in the storage. */
const written = (memory: ReturnType<typeof openMemory>, lesson = "sgd") =>
  JSON.parse(memory.held.get(`firstepoch.progress.${lesson}`) ?? "null");

Deno.test("progress: an item is registered when it is first shown, beside the others of its lesson", () => {
  const memory = openMemory();
  const closed = ["sgd/updates", "sgd/a/b", "heart/strays"].map((name) => open(card(name)));
  closed.forEach((one) => one.abort());
  assertEquals(written(memory), { items: { updates: OPEN, "a/b": OPEN } });
  assertEquals(written(memory, "heart"), { items: { strays: OPEN } });
  memory.restore();
});

Deno.test("progress: what becomes of it is written and told, once, until the view closes", () => {
  const memory = openMemory(), made = card(), told: string[] = [];
  const hear = (event: Event) => told.push((event as CustomEvent).detail.lesson);
  globalThis.addEventListener("firstepoch-progress", hear);
  const closed = open(made);
  made.change({ state: "tried", answer_given: "no", tries: 1 });
  assertEquals(written(memory).items.updates, { state: "tried", answer: "no", tries: 1 });
  assertEquals(told.join(), "sgd,sgd");
  closed.abort();
  assertEquals(made.listening(), 0);
  made.change({ state: "right", answer_given: "yes", tries: 2 });
  assertEquals(written(memory).items.updates.state, "tried");
  globalThis.removeEventListener("firstepoch-progress", hear);
  memory.restore();
});

Deno.test("progress: what was kept goes to Python, and is not overwritten before it answers", () => {
  const memory = openMemory(), kept = { state: "right", answer: 8, tries: 2 };
  const text = JSON.stringify({ items: { updates: kept, other: OPEN } });
  memory.held.set("firstepoch.progress.sgd", text);
  const made = card();
  open(made);
  assertEquals(made.sent, [{ kind: "restore", ...kept }]);
  assertEquals(memory.held.get("firstepoch.progress.sgd"), text);
  const second = card("sgd/updates", { state: "tried", answer_given: 7, tries: 1 });
  open(second);
  assertEquals(second.sent.length, 0);
  assertEquals(written(memory).items.updates, { state: "tried", answer: 7, tries: 1 });
  assertEquals(written(memory).items.other, OPEN);
  memory.restore();
});

Deno.test("progress: the page can begin a lesson anew", () => {
  const memory = openMemory();
  const made = card("sgd/updates", { state: "right", answer_given: 8, tries: 1 });
  const other = card("heart/strays", { state: "done" });
  const closed = [open(made), open(other)];
  memory.held.delete("firstepoch.progress.sgd");
  const reset = () =>
    globalThis.dispatchEvent(new CustomEvent("firstepoch-reset", { detail: { lesson: "sgd" } }));
  reset();
  assertEquals(made.sent, [{ kind: "reset" }]);
  assertEquals(written(memory), { items: { updates: OPEN } });
  assertEquals(other.sent.length, 0);
  closed.forEach((one) => one.abort());
  reset();
  assertEquals(made.sent.length, 1);
  memory.restore();
});

Deno.test("progress: a browser that keeps nothing, or garbage, is no error", () => {
  const refuse = () => {
    throw new Error("SecurityError");
  };
  const blocked = openMemory({ getItem: refuse, setItem: refuse });
  const made = card();
  open(made);
  made.change({ state: "right", answer_given: 8, tries: 1 });
  assertEquals(readProgress("sgd"), {});
  assertEquals(made.sent.length, 0);
  blocked.restore();
  const items = { a: null, b: 3, c: { state: "won" }, d: { state: "right", answer: 1, tries: 1 } };
  for (const text of ["{", "null", "[]", "3", '{"items": null}', JSON.stringify({ items })]) {
    const memory = openMemory();
    memory.held.set("firstepoch.progress.sgd", text);
    open(card());
    assert(JSON.stringify(Object.keys(readProgress("sgd"))).includes("updates"), text);
    assertEquals(readProgress("sgd").a, undefined);
    memory.restore();
  }
});

Deno.test("progress: without a lesson, a name belongs to the page it stands on", () => {
  const memory = openMemory();
  const real = Object.getOwnPropertyDescriptor(globalThis, "location")!;
  const value = { pathname: "/lab/one.ipynb" };
  Object.defineProperty(globalThis, "location", { configurable: true, value });
  open(card("/0123"));
  assertEquals(written(memory, "/lab/one.ipynb"), { items: { "0123": OPEN } });
  Object.defineProperty(globalThis, "location", real);
  memory.restore();
});
