import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";
import view from "../../widgets/checklist/view.ts";
import type { ChecklistTraits } from "../../widgets/checklist/traits.ts";

function mount() {
  const page = openPage();
  const el = page.document.createElement("div");
  page.document.body.append(el);
  const values: Record<string, unknown> = {
    title: "Checklist",
    lead: "Fill it in.",
    items: [
      { name: "units", group: "Design", question: "How many `units`?", options: [] },
      { name: "loss", group: "Pick", question: "Which loss?", options: ["mse", "bce"] },
      { name: "rate", group: "Pick", question: "Which rate?", options: [] },
    ],
    answers: {},
    verdicts: {},
    said: "",
    done: false,
  } satisfies ChecklistTraits;
  const heard = new Map<string, (() => void)[]>();
  const sent: Record<string, unknown>[] = [];
  const closed = new AbortController();
  const model = {
    get: (name: string) => values[name],
    set: (name: string, value: unknown) => values[name] = value,
    save_changes: () => {},
    send: (content: Record<string, unknown>) => sent.push(content),
    on: (name: string, call: () => void) => heard.set(name, [...heard.get(name) ?? [], call]),
    off: (name: string, call: () => void) =>
      heard.set(name, heard.get(name)!.filter((one) => one !== call)),
  };
  // deno-lint-ignore no-explicit-any
  view.render({ model, el, signal: closed.signal } as any);
  const Event = page.document.defaultView!.Event;
  return {
    page,
    el,
    values,
    sent,
    fire: (target: Element, type: string) => target.dispatchEvent(new Event(type)),
    change(changes: Partial<ChecklistTraits>) {
      Object.assign(values, changes);
      Object.keys(changes).forEach((name) =>
        heard.get(`change:${name}`)?.forEach((call) => call())
      );
    },
    field(label: string) {
      const found = [...el.querySelectorAll("label")].find((one) => one.textContent === label)!;
      return page.document.getElementById(found.getAttribute("for")!) as HTMLInputElement;
    },
    button: (label: string) =>
      [...el.querySelectorAll("button")].find((one) => one.textContent === label)!,
    close() {
      closed.abort();
      assertEquals(page.listeners(), 0);
      assertEquals([...heard.values()].flat().length, 0);
      page.restore();
    },
  };
}

Deno.test("checklist: groups, questions and fields have names", () => {
  const card = mount();
  const legends = [...card.el.querySelectorAll("legend")].map((one) => one.textContent);
  assertEquals(legends.join(), "Design,Pick");
  assertEquals(card.field("How many units?").tagName, "INPUT");
  assertEquals(card.field("Which loss?").querySelectorAll("option").length, 3);
  assertEquals(card.el.querySelector(".fe-state")!.textContent, "0 of 3 right");
  assert(card.button("Start again").disabled);
  card.close();
});

Deno.test("checklist: answers go to Python, an empty field takes the answer back", () => {
  const card = mount();
  const units = card.field("How many units?"), loss = card.field("Which loss?");
  units.value = "16";
  card.fire(units, "change");
  loss.value = "bce";
  card.fire(loss, "change");
  assertEquals(card.values.answers, { units: 16, loss: "bce" });
  units.value = "1e999";
  card.fire(units, "change");
  assertEquals(card.values.answers, { units: 16, loss: "bce" });
  units.value = "";
  card.fire(units, "change");
  assertEquals(card.values.answers, { loss: "bce" });
  card.fire(card.button("Check"), "click");
  assertEquals(card.sent.at(-1)!.kind, "check");
  assertEquals(card.sent.at(-1)!.settings, { answers: { loss: "bce" } });
  card.change({ answers: { loss: "bce" } });
  card.fire(card.button("Start again"), "click");
  assertEquals(card.sent.at(-1)!.kind, "reset");
  card.close();
});

Deno.test("checklist: what the check said stands under its question, with a mark", () => {
  const card = mount();
  card.change({
    answers: { units: 16, loss: "mse" },
    verdicts: { units: { right: true, said: "Yes." }, loss: { right: false, said: "No." } },
    said: "1 of 3 are right.",
  });
  const told = (label: string) =>
    card.page.document.getElementById(card.field(label).getAttribute("aria-describedby")!)!;
  assertEquals(told("How many units?").textContent, "✓ Yes.");
  assertEquals(told("Which loss?").textContent, "○ Not yet. No.");
  assert(told("Which rate?").hasAttribute("hidden"));
  assertEquals(card.field("How many units?").value, "16");
  assertEquals(card.el.querySelector("[role=status]")!.textContent, "1 of 3 are right.");
  assertEquals(card.el.querySelector(".fe-state")!.textContent, "1 of 3 right");
  card.change({ verdicts: {}, done: false });
  assert(told("How many units?").hasAttribute("hidden"));
  card.close();
});
