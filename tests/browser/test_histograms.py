"""The histograms of a run and the answer for the row followed, as a student scrubs them, in real Chromium."""

import pytest
from pages import messages

FOLD = "Histograms: how the weights and outputs are spread"
NOTE = ".fe-histograms > .fe-note"
ROWS = "(body) => [...body.rows].map((row) => [...row.cells].slice(-2).map((cell) => Number(cell.textContent)))"


def counts(card):
    """The table behind the histograms: of each bin the count shown, and that of the first epoch."""
    return card.root.locator(".fe-histograms tbody").evaluate(ROWS)


def of_python(card, epoch):
    return card.kernel(f"[int(n) for one in live.histograms_of() for n in one.counts[{epoch}]]")


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_a_finished_run_is_scrubbed_with_its_histograms_and_the_answer_for_a_patient(fresh, host):
    page, _ = host
    card = fresh(epochs=40)
    card.train()
    assert not card.kernel("live.histograms")
    card.root.get_by_text(FOLD, exact=True).click()
    card.wait_text(NOTE, "After epoch 40.")
    card.root.get_by_text("The counts", exact=True).click()
    card.root.locator(".fe-histograms tbody tr").first.wait_for()
    first = of_python(card, 0)
    assert counts(card) == [list(pair) for pair in zip(of_python(card, 39), first, strict=True)]
    row = card.root.get_by_label("training row", exact=True)
    row.fill("200")
    row.blur()
    card.wait_text(".fe-prediction .fe-note", "training row 200")
    sent = len(messages(page))
    card.scrub(11)
    card.wait_text(NOTE, "After epoch 12.")
    assert counts(card) == [list(pair) for pair in zip(of_python(card, 11), first, strict=True)]
    said = card.text(".fe-prediction .fe-note")
    chance = card.kernel("float(live._shown['activations'][11, -1])")
    assert f"After epoch 12 the network gives the patient in training row 200 a {chance:.3f} chance of 1" in said
    assert "kept for validation" in said
    card.scrub(39)
    card.wait_text(NOTE, "After epoch 40.")
    chance = card.kernel("float(live.model.predict(data.x_train[200:201], verbose=0)[0, 0])")
    assert f"a {chance:.3f} chance" in card.text(".fe-prediction .fe-note")
    assert len(messages(page)) == sent
    high = card.root.locator(".fe-spread-bars").first.bounding_box()["height"]
    whole = card.root.locator(".fe-spread svg").first.bounding_box()["height"]
    share = card.kernel("float(live.histograms_of()[0].counts[39].max() / live.histograms_of()[0].counts.max())")
    assert high / whole == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_a_run_is_counted_while_it_goes_on(fresh):
    card = fresh(epochs=20_000, histograms=True)
    card.wait_text(NOTE, "train first")
    card.press("Train")
    card.wait_epoch(30)
    card.press("Pause")
    card.wait("paused")
    epochs = card.kernel("len(live.recording)")
    card.wait_text(NOTE, f"After epoch {epochs}.")
    card.root.get_by_text("The counts", exact=True).click()
    card.root.locator(".fe-histograms tbody tr").first.wait_for()
    shown = [count for count, _ in counts(card) if count]
    assert shown == [count for count in of_python(card, epochs - 1) if count]
    card.press("Stop")
    card.wait("done")
    card.wait_text(NOTE, f"After epoch {epochs}.")
    assert [count for count, _ in counts(card)] == of_python(card, epochs - 1)
