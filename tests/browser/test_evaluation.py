"""Evaluation as a learner meets it: the seal, the threshold by slider, keys and number, the curves, other splits."""

import pytest
from settled import until

EVALUATION = ".fe-evaluation"
SETUP = """
from firstepoch import heart
data = heart.load()
outputs = np.clip(np.random.default_rng(0).random(61) * 0.6 + 0.4 * data.y_test, 0, 1).astype("float32")
outputs[:4] = 0.5
"""
SEEN = """(card) => [...card.querySelectorAll(".fe-eval-counts b")].map((one) => Number(one.textContent))"""
WALK = """(card) => {
  const seen = () => [...card.querySelectorAll(".fe-eval-counts b")].map((one) => Number(one.textContent));
  const press = (name) => card.querySelector(`[title="${name}"]`).click();
  press("first cut");
  const walked = [seen()];
  while (card.querySelector('[title="one cut on"]').getAttribute("aria-disabled") !== "true") {
    press("one cut on");
    walked.push(seen());
  }
  return walked;
}"""
"""The counts of every cut, one step after the other."""
MARKS = """(card) => {
  const marks = [...card.querySelectorAll(".fe-eval-mark")].map((one) => one.getBoundingClientRect());
  return [...card.querySelectorAll(".fe-eval-field")].map((field) => {
    const box = field.getBoundingClientRect();
    return marks.filter((one) => one.left >= box.left - 1 && one.right <= box.right + 1 && one.top >= box.top - 1 &&
      one.bottom <= box.bottom + 1).length;
  });
}"""
"""How many marks lie in each of the four cells."""
POINT = """(card) => [...card.querySelectorAll(".fe-chart")].map((chart) => {
  const flag = chart.querySelector(".fe-flag-best");
  const dot = flag.getBoundingClientRect(), area = chart.querySelector(".plotarea_background").getBoundingClientRect();
  const x = flag.className.includes("left") ? dot.right + 10 : dot.left - 10;
  const y = area.bottom - dot.top - dot.height / 2;
  return [x - area.left, y].map((one, k) => one / (k ? area.height : area.width) * 1.04 - 0.02);
})"""
"""Where the point of the threshold lies on each chart, in shares."""
CURVE = "() => [...document.querySelectorAll('.fe-evaluation .bqplot path.line')].some((one) => one.getAttribute('d'))"


def show(it, code="outputs, data, row_name='patient'"):
    it.kernel.run(SETUP)
    it.show(f"widgets.Evaluation({code})", EVALUATION)
    return it


def press(it, name):
    it.root.get_by_role("button", name=name, exact=True).click()


def counts(it):
    return it.root.evaluate(SEEN)


def opened(it):
    press(it, "Open the test set")
    it.page.wait_for_function("document.querySelector('.fe-evaluation').dataset.state === 'open'")
    it.page.wait_for_function("document.querySelectorAll('.fe-evaluation .bqplot .plotarea_background').length === 2")


def test_sealed_opened_and_every_cut_by_keys_without_the_kernel(it):
    show(it)
    assert it.root.locator(".fe-eval-seal").is_visible() and not it.root.locator(".fe-eval-counts").is_visible()
    assert it.kernel("(view.opened, view.report)") == (False, {})
    opened(it)
    figures = it.kernel("{name: view.figures[name] for name in ('tn', 'fp', 'fn', 'tp', 'right')}")
    until(lambda: counts(it), [figures[name] for name in ("tn", "fp", "fn", "tp")])
    assert f"{figures['right']} of 61 right" in it.text(".fe-sentence")
    it.page.wait_for_function(CURVE)
    until(lambda: it.root.evaluate(MARKS), counts(it))

    frames = it.kernel("[[int(view.recording[n][k]) for n in ('tn', 'fp', 'fn', 'tp')] for k in range(58 + 1)]")
    before = len(it.messages())
    assert it.root.evaluate(WALK) == frames  # 58 different outputs: four rows share one
    it.root.locator(".fe-play").focus()
    it.page.keyboard.press("ArrowLeft")
    assert counts(it) == frames[-2]
    it.page.keyboard.press("End")
    assert all(b'"state":{"threshold":' in one for one in it.messages()[before:]), "it asks the kernel for nothing"
    it.kernel.wait("bool(view.threshold == view.recording['threshold'][-1])", True)


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_the_point_lies_on_both_curves_and_python_hears_of_a_typed_threshold(it):
    show(it)
    opened(it)
    field = it.root.get_by_label("threshold", exact=True)
    field.fill("0.45")
    field.press("Enter")
    it.kernel.wait("view.threshold", 0.45)
    it.wait_text(".fe-sentence", "At 0.45:")
    at = it.kernel("[view.figures[n] for n in ('specificity', 'sensitivity', 'precision')]")
    expected = [[1 - at[0], at[1]], [at[1], at[2]]]
    it.page.wait_for_function(
        f"""([card, wanted]) => ({POINT})(card).flat().every((one, k) => Math.abs(one - wanted[k]) < 0.02)""",
        arg=[it.root.element_handle(), [share for point in expected for share in point]],
    )
    it.root.get_by_role("radio", name="Wrong patients").check(force=True)
    names = it.root.locator('[aria-label="Rows the model got wrong"] tbody th').all_inner_texts()
    assert names == [str(name) for name in it.kernel("view.wrong.index.tolist()")]
    it.root.get_by_role("radio", name="Intervals").check(force=True)
    low, high = it.kernel("view.intervals.loc[0, ['low', 'high']].tolist()")
    assert f"({low:.3f} to {high:.3f})" in it.text(".fe-eval-range-text")
    it.root.get_by_role("radio", name="Calibration").check(force=True)
    it.root.get_by_label("bins").fill("8")
    it.page.keyboard.press("Enter")
    it.kernel.wait("len(view.reliability)", 8)
    it.page.wait_for_function("document.querySelectorAll('.fe-eval-bin').length === 8")
    field.fill("3")
    field.press("Enter")
    it.wait_text(".fe-problem", "The threshold is 3; outputs are from 0 to 1.")
    it.kernel.run("view.threshold = 0.5")
    it.wait_text(".fe-sentence", "At 0.5:")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_other_splits_stop_at_once_and_show_what_is_done(it):
    it.kernel.run("from firstepoch.data.loading import load_keras; load_keras()")
    show(
        it,
        "outputs, data, splits=heart.load, build_model=heart.build_model, row_name='patient', "
        "training=dict(epochs=5, validation_split=0.2)",
    )
    opened(it)
    it.root.get_by_role("radio", name="Other splits").check(force=True)
    it.root.get_by_label("splits", exact=True).fill("20")
    press(it, "Train on other splits")
    it.root.locator(".fe-eval-split").first.wait_for(state="attached")
    press(it, "Stop")
    it.wait_text(".fe-eval-panels [role=status]", "Stopped after")
    done = it.kernel("len(view.splits)")
    assert 1 <= done < 20 and it.kernel("view.status") == "done"
    until(it.root.locator(".fe-eval-split").count, done)
    rows = it.root.locator('[aria-label="Every split"] tbody tr').all()
    assert [row.locator("td").nth(1).inner_text() for row in rows] == it.kernel(
        "[str(n) for n in view.splits['right']]"
    )
