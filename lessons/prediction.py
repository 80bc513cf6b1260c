"""Prediction: asks first, keeps the guess, and then shows the run. What the guess is told, the lesson's module says."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import ipywidgets
import traitlets as t

Judge = Callable[[Any], tuple[bool, str]]

_STYLE: Final = """<style>
.fe-predict { max-width: 720px; border-radius: 8px; overflow: visible; }
.fe-predict .widget-html-content { font-size: 16px; line-height: 1.6; }
.fe-predict p { margin: 4px 0; }
.fe-predict svg { display: block; width: 100%; max-width: 420px; height: auto; margin: 8px 0; }
.fe-predict .widget-radio, .fe-predict .widget-radio-box { width: auto; max-width: 100%; height: auto; }
.fe-predict .widget-radio-box label {
  display: flex; flex-direction: row-reverse; justify-content: flex-end; gap: 10px; align-items: flex-start;
  width: auto; max-width: none; height: auto; min-height: 28px; margin: 0;
  font-size: 16px; line-height: 1.5; white-space: normal;
}
.fe-predict .widget-radio-box input { flex: none; width: auto; height: auto; margin: 6px 0 0; }
.fe-predict .widget-text { max-width: calc(100% - 4px); height: auto; font-size: 16px; }
.fe-predict .widget-text label { font-size: 16px; height: auto; line-height: 32px; }
.fe-predict .widget-text input { min-height: 32px; font-size: 16px; }
.fe-predict .widget-button { height: auto; min-height: 32px; margin: 8px 2px; padding: 0 16px; font-size: 15px; }
</style>"""


class Prediction(ipywidgets.VBox):
    """A question that is answered before a run is shown. It can be answered once, and asked again.

    Args:
        question: What is asked; `code` may stand between backticks.
        options: What there is to choose from; None asks for a number.
        judge: Called with the guess, an option or a float. Returns whether it is right, and a sentence about it; so it
            can tell what the run really did.
        reveal: The widgets that are shown after the guess.
        picture: HTML that is seen with the question, for example an SVG.

    Attributes:
        guess: The guess, None until there is one.
        right: Whether it was right, None until there is a guess.
        said: What the guess was told, "" until there is one.

    Example:
        >>> ask = Prediction("Is 7 prime?", ["yes", "no"], judge=lambda it: (it == "yes", "Nothing divides it."))
        >>> ask.answer("yes")
        >>> ask.right, ask.said
        (True, 'Nothing divides it.')
    """

    guess = t.Any(None)
    right = t.Bool(None, allow_none=True)
    said = t.Unicode("")

    def __init__(
        self,
        question: str,
        options: Sequence[str] | None = None,
        *,
        judge: Judge,
        reveal: Sequence[ipywidgets.DOMWidget] = (),
        picture: str = "",
    ) -> None:
        self._question = question
        self._judge, self._options, self._reveal = judge, options, tuple(reveal)
        whole = ipywidgets.Layout(width="auto", margin="0")
        asked = ipywidgets.HTML(f"{_STYLE}<p><b>Predict.</b> {_marked(question)}</p>{picture}", layout=whole)
        self._field: ipywidgets.RadioButtons | ipywidgets.Text
        if options is None:
            style = {"description_width": "initial"}
            self._field = ipywidgets.Text(description="Your guess", placeholder="a number", style=style)
        else:
            self._field = ipywidgets.RadioButtons(options=list(options), value=None, layout=whole)
        self._button = ipywidgets.Button(layout=ipywidgets.Layout(width="auto", align_self="flex-start"))
        self._button.on_click(self._press)
        self._told = ipywidgets.HTML(layout=whole)
        border = "1px solid var(--jp-border-color2, #d3d8df)"
        box = ipywidgets.VBox(
            [asked, self._field, self._button, self._told],
            layout=ipywidgets.Layout(
                border_top=border,
                border_right=border,
                border_bottom=border,
                border_left="4px solid var(--jp-brand-color1, #0b5cab)",
                padding="8px 16px",
                margin="0 0 16px",
            ),
        )
        box.add_class("fe-predict")
        self._box = box
        super().__init__([box], layout=ipywidgets.Layout(overflow="visible"))
        self.reset()

    def __repr__(self) -> str:
        """The question, for pages where nothing runs."""
        return f"Predict. {self._question}"

    def answer(self, guess: Any) -> None:
        """Guess, as the button does: keep it, say what became of it, show the run.

        Raises:
            ValueError: It is none of the options, or no number.
        """
        if self._options is None:
            guess = _number(guess)
        elif guess not in self._options:
            raise ValueError(f"{guess!r} is none of the answers: {', '.join(map(repr, self._options))}.")
        right, said = self._judge(guess)
        self._field.value = _shown(guess)
        self._field.disabled = True
        self._button.description, self._button.button_style = "Ask me again", ""
        self.guess, self.right, self.said = guess, right, said
        verdict = "✓ You were right." if right else "○ Not this time."
        play = " <b>Now play it below, step by step.</b>" if self._reveal else ""
        # An alert that appears is announced; a status is announced only where it stood before, which HTML cannot do.
        self._told.value = f'<p role="alert"><b>{verdict}</b> {_marked(said)}{play}</p>'
        self.children = (self._box, *self._reveal)

    def reset(self) -> None:
        """Ask again: no guess, and the run hidden."""
        self._field.disabled = False
        self._field.value = None if self._options is not None else ""
        self._button.description, self._button.button_style = "This is my guess", "primary"
        self._told.value = ""
        self.guess, self.right, self.said = None, None, ""
        self.children = (self._box,)

    def _press(self, _: Any) -> None:
        if self.guess is not None:
            self.reset()
            return
        try:
            self.answer(self._field.value)
        except ValueError:
            first = "Type a number first, such as 2.5." if self._options is None else "Choose one of the answers first."
            self._told.value = f'<p role="alert">○ {first}</p>'


def _number(guess: Any) -> float:
    number = float(guess.strip().replace("−", "-") if isinstance(guess, str) else guess)
    if not math.isfinite(number):
        raise ValueError(f"{guess!r} is no finite number.")
    return number


def _shown(guess: Any) -> str:
    return f"{guess:g}".replace("-", "−") if isinstance(guess, float) else str(guess)


def _marked(words: str) -> str:
    """Plain text as HTML, `code` between backticks."""
    parts = html.escape(words, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
