"""What Overfitting makes of recordings: where early stopping ends, bands, verdicts. Made-up numbers, no training."""

import numpy as np
import pytest

from firstepoch.widgets import Recording
from firstepoch.widgets.overfitting import bands, describe, early, words

FALLING = np.linspace(0.7, 0.1, 20)


def run(val_loss, loss=FALLING, seed=0, **settings):
    recording = Recording({"seed": seed, **settings}, versions={})
    val_loss = np.asarray(val_loss, float)
    loss = np.asarray(loss, float)[: len(val_loss)]
    recording.extend({"epoch": np.arange(len(val_loss)), "loss": loss, "val_loss": val_loss})
    return recording


def vee(low, end, at=5, length=20):
    """Falls to `low` in the epoch `at`, then rises to `end`."""
    return np.concatenate([np.linspace(0.7, low, at + 1), np.linspace(low, end, length - at)[1:]])


@pytest.mark.parametrize(
    ("val_loss", "patience", "expected"),
    [
        ([0.9, 0.5, 0.6, 0.7, 0.4], 2, (4, 1, True)),
        ([0.9, 0.5, 0.6, 0.7, 0.4], 3, (5, 4, False)),
        ([0.9, 0.5, 0.5, 0.5], 2, (4, 1, True)),  # as low is no improvement
        ([0.5, 0.6, 0.7], 0, (2, 0, True)),  # Keras never stops after the first epoch
        ([0.5, np.nan, np.nan, 0.4], 2, (3, 0, True)),
        ([0.5], 1, (1, 0, False)),
    ],
)
def test_early_stopping_ends_where_patience_runs_out(val_loss, patience, expected):
    assert early.stop(np.array(val_loss), patience) == early.Stop(*expected)


def test_a_stopped_recording_is_the_beginning_of_the_whole_one():
    whole = run(vee(0.4, 0.9))
    short = early.stopped(whole, 3)
    assert len(short) == 9 and short.settings["restored_epoch"] == 5 and "patience" not in whole.settings
    np.testing.assert_array_equal(short["val_loss"], whole["val_loss"][:9])
    found = bands.facts(short)
    assert found["final_val_loss"] == found["lowest_val_loss"] == 0.4
    assert found["gap"] == pytest.approx(0.4 - FALLING[5])


def test_a_band_goes_on_with_the_seeds_that_do():
    band = bands.band([run([3.0, 2.0, 1.0]), run([5.0, 4.0])])
    np.testing.assert_array_equal(band["seeds"], [2, 2, 1])
    np.testing.assert_array_equal(band["val_loss_median"], [4, 3, 1])
    np.testing.assert_array_equal(band["val_loss_lowest"], [3, 2, 1])
    np.testing.assert_array_equal(band["val_loss_highest"], [5, 4, 1])
    assert len(bands.band([])) == 0


@pytest.mark.parametrize(
    ("val_loss", "best", "expected"),
    [
        (vee(0.40, 0.45), 0.40, words.OVER),
        (vee(0.40, 0.43), 0.40, words.FITS),  # less than a tenth above its lowest
        (vee(0.45, 0.46), 0.40, words.UNDER),
        (vee(0.43, 0.44), 0.40, words.FITS),  # less than a tenth above the other width
        (np.linspace(0.7, 0.4, 20), 0.40, words.SHORT),
        (vee(0.45, 0.60), 0.40, words.OVER),  # it had learned more than another, and lost it
    ],
)
def test_the_verdict_over_one_fit_goes_by_the_rules(val_loss, best, expected):
    assert words.kind(run(val_loss), best, 20) == expected


def test_a_validation_loss_that_rises_with_the_training_loss_is_no_overfitting():
    assert words.kind(run(vee(0.4, 0.9), loss=vee(0.3, 0.8)), 0.4, 20) != words.OVER


def test_a_verdict_counts_the_seeds_and_claims_nothing_for_half_of_them():
    over, fits = vee(0.4, 0.6), vee(0.4, 0.41)
    best = dict.fromkeys(range(5), 0.4)

    def said(*curves):
        return words.verdict([run(curve, seed=seed) for seed, curve in enumerate(curves)], best, 20)

    assert said(over, over, over)["text"] == (
        "over-fits with all 3 seeds: validation loss lowest, 0.400, at epoch 6; 0.600 at the end."
    )
    assert said(over, over, fits)["text"].startswith("over-fits with 2 of 3 seeds: ")
    assert said(over)["text"].startswith("over-fits with the one seed trained: ")
    mixed = said(over, fits)
    assert mixed["kind"] == words.MIXED and mixed["text"].startswith("no one verdict, 1 over-fits, 1 fits of 2 seeds: ")
    assert said() == {"kind": "", "count": 0, "of": 0, "text": ""}


def test_a_guess_is_compared_by_medians_and_says_when_seeds_do_not_settle_it():
    finals = {2: [0.4, 0.5, 0.6], 16: [0.55, 0.65, 0.7], 128: [0.9, 1.0, 1.1]}
    assert words.of_guess(128, finals, 300) == (
        "You said 128 units: 1.000 (0.900 to 1.100) after 300 epochs. Lowest: 2 units, 0.500 (0.400 to 0.600)."
    )
    right = words.of_guess(2, finals, 300)
    assert right.startswith("You said 2 units: after 300 epochs its validation loss is indeed the lowest, 0.500")
    assert "Next: 16 units" in right and right.endswith("The two ranges overlap: these seeds do not settle it.")
    assert words.of_guess(8, finals, 300) == "Your guess, 8 units, was not trained to the end."


def test_widths_at_their_best_epochs_are_told_apart_only_where_ranges_are():
    one, other, third = [0.40, 0.42], [0.41, 0.43], [0.5, 0.6]
    assert words.at_best({2: one}, "plain") == ""
    assert words.at_best({2: one, 16: other}, "plain").endswith("; all ranges overlap.")
    assert words.at_best({2: one, 16: third}, "plain").endswith("; no two ranges overlap.")
    assert words.at_best({2: one, 16: other, 128: third}, "plain").endswith("; some ranges overlap.")


def test_what_a_variant_does_is_told_then_and_now():
    plain = [run(vee(0.4, 0.9))]
    told = words.compared(plain, [early.stopped(plain[0], 3)], "early stopping")
    assert told == "With early stopping: validation loss 0.900 → 0.400; gap of each fit 0.800 → −0.142."


def test_the_axis_holds_every_band_or_says_that_it_is_cut():
    calm, wild = bands.band([run([0.7, 0.4, 0.9])]), bands.band([run([0.7, 5.0, 30.0])])
    whole = describe.axis({(2, "plain"): calm})
    assert whole["y"][1] > 0.9 and not whole["cut"]
    cut = describe.axis({(2, "plain"): calm, (16, "plain"): wild})
    assert cut["cut"] and cut["highest"] == 30 and cut["y"][1] == pytest.approx(3 * 0.7 * 1.12)
    assert 10 ** cut["log"][1] > 30 and describe.axis({})["cut"] is False
