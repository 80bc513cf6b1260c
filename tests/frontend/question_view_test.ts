import { assert, assertEquals } from "./assert.ts";
import { createModel, openMemory } from "./memory.ts";
import { openPage } from "./page.ts";
import view from "../../widgets/question/view.ts";
import type { Traits } from "../../widgets/question/traits.ts";

function mount(traits: Partial<Traits> = {}) {
  const page = openPage(), memory = openMemory();
  const el = page.document.createElement("div");
  page.document.body.append(el);
  const values: Traits = {
    title: "Question",
    prompt: "Is `7` prime?",
    picture: "",
    kind: "choice",
    options: ["yes", "no `way`"],
    hint: "",
    once: false,
    right: null,
    said: "",
    problem: "",
    solution: "",
    can_show: false,
    name: "tests/prime",
    state: "open",
    answer_given: null,
    tries: 0,
    ...traits,
  };
  const made = createModel(values);
  const closed = new AbortController();
  // deno-lint-ignore no-explicit-any
  view.render({ model: made.model, el, signal: closed.signal } as any);
  const { Event } = page.document.defaultView!;
  const radios = [...el.querySelectorAll("[type=radio]")] as HTMLInputElement[];
  return {
    ...made,
    el,
    radios,
    input: el.querySelector("[type=text]") as HTMLInputElement,
    submit() {
      const event = new Event("submit", { bubbles: true, cancelable: true });
      el.querySelector("form")!.dispatchEvent(event);
      assert(event.defaultPrevented);
    },
    check: (place: number) => radios.forEach((one, at) => one.checked = at === place),
    click: (label: string) => {
      const found = [...el.querySelectorAll("button")].find((one) => one.textContent === label)!;
      found.dispatchEvent(new Event("click"));
    },
    text: (selector: string) => el.querySelector(selector)!.textContent,
    press: (key: string, init = {}) => page.press(el.querySelector("form")!, key, init),
    close() {
      closed.abort();
      assertEquals([page.listeners(), made.listening()], [0, 0]);
      page.restore();
      memory.restore();
    },
  };
}

Deno.test("question: the options are a group that has the question as its name", () => {
  const card = mount();
  assertEquals(card.text("fieldset > legend"), "Is 7 prime?");
  assertEquals(card.text("legend code"), "7");
  const labels = [...card.el.querySelectorAll("label")];
  assertEquals(labels.map((one) => one.querySelector("span")!.textContent), ["yes", "no way"]);
  assert(labels.every((one) => one.querySelector("input")));
  assertEquals(new Set(card.radios.map((one) => one.name)).size, 1);
  assertEquals(card.text("[role=status]"), "");
  assertEquals(card.text(".fe-state"), "○ not answered yet");
  assert(card.el.querySelector("details")!.hidden);
  card.close();
});

Deno.test("question: an answer goes to Python; without one the card says what is missing", () => {
  const card = mount();
  card.submit();
  assertEquals(card.text("[role=status]"), "○ Choose one of the answers first.");
  card.check(1);
  card.submit();
  assertEquals(card.sent, [{ kind: "submit", answer: "no `way`" }]);
  card.close();
});

Deno.test("question: a wrong answer, the offer, the answer shown, and again, each with mark and word", () => {
  const card = mount();
  card.check(1);
  const tried = { state: "tried", answer_given: "no `way`", right: false } as const;
  card.change({ ...tried, said: "What `divides` it?", tries: 1 });
  assertEquals(card.text("[role=status]"), "○ Not yet. What divides it?");
  assertEquals(card.text("[role=status] code"), "divides");
  const show = [...card.el.querySelectorAll("button")].at(-1)!;
  assert(show.hidden && !card.radios[0].disabled);
  card.check(0);
  card.change({ tries: 2, can_show: true });
  assert(card.radios[0].checked, "what is chosen meanwhile stays");
  assert(!show.hidden);
  card.click("Show the answer");
  assertEquals(card.sent, [{ kind: "show" }]);
  card.change({ state: "shown", said: "Nothing does.", solution: "yes", can_show: false });
  assertEquals(card.text("[role=status]"), "The answer: yes. Nothing does.");
  assertEquals(card.text(".fe-state"), "○ answer shown");
  const marks = [...card.el.querySelectorAll("label .fe-mark")].map((one) => one.textContent);
  assertEquals(marks, ["✓ the answer", "your answer"]);
  assert(card.radios.every((one) => one.disabled) && card.radios[1].checked);
  assertEquals(card.text("[type=submit]"), "Start again");
  card.submit();
  assertEquals(card.sent.at(-1), { kind: "reset" });
  card.change({ state: "open", answer_given: null, right: null, said: "", solution: "", tries: 0 });
  assert(card.radios.every((one) => !one.disabled && !one.checked));
  assertEquals(card.text("[role=status]"), "");
  card.close();
});

Deno.test("question: one guess has words of its own", () => {
  const card = mount({ kind: "number", options: [], once: true, title: "Predict" });
  assertEquals(card.text("[type=submit]"), "This is my guess");
  const named = card.input.getAttribute("aria-labelledby")!.split(" ");
  const parts = named.map((id) => card.text(`[id="${id}"]`));
  assertEquals(parts, ["Is 7 prime?", "Your guess"]);
  card.input.value = " ";
  card.submit();
  assertEquals(card.text("[role=status]"), "○ Type a number first, such as 2.5.");
  card.input.value = " eight ";
  card.submit();
  assertEquals(card.sent, [{ kind: "submit", answer: "eight" }]);
  card.change({ problem: "'eight' is no number. Give a number, such as 2.5." });
  assertEquals(
    card.text("[role=status]"),
    "○ 'eight' is no number. Give a number, such as 2.5.",
  );
  assertEquals(card.input.value, " eight ");
  card.change({ state: "shown", answer_given: -8, right: false, said: "More.", problem: "" });
  assertEquals([card.input.value, card.input.readOnly], ["−8", true]);
  assertEquals(card.text("[role=status]"), "○ Not this time. More.");
  card.change({ solution: "8" });
  assertEquals(card.text("[role=status]"), "○ Not this time. The answer: 8. More.");
  assertEquals(card.text("[type=submit]"), "Ask me again");
  card.change({ state: "right", answer_given: 8, right: true, said: "" });
  assertEquals(card.text("[role=status]"), "✓ You were right.");
  assertEquals(card.text(".fe-state"), "✓ right");
  card.close();
});

Deno.test("question: a hint is folded, a picture is seen, keys stay here", () => {
  const card = mount({ kind: "text", options: [], hint: "Try `2`.", picture: "<svg></svg>" });
  assertEquals(card.text("details p"), "Try 2.");
  assert(!card.el.querySelector("details")!.hidden && card.el.querySelector(".fe-picture svg"));
  let leaked = 0;
  const outside = new AbortController();
  card.el.addEventListener("keydown", () => leaked++, { signal: outside.signal });
  card.press("a");
  card.press("s", { ctrlKey: true });
  assertEquals(leaked, 1);
  card.change({ state: "right", right: true, answer_given: "α-rate", said: "Yes." });
  assertEquals(card.input.value, "α-rate");
  outside.abort();
  card.close();
});
