"""A page with one TensorView or RankLadder on it: what a test reads of it and does to it."""

from pages import messages
from settled import settled

HOLDER = """\
import ipywidgets
import numpy as np
from firstepoch import widgets
from firstepoch.widgets.ladder import pictures
holder = ipywidgets.VBox()
view = None
def show(made):
    global view
    if view is not None:
        view.close()
    view = made
    holder.children = [view]
show(widgets.TensorView(42))
holder"""

PAINTED = """(canvas) => {
  const { width, height } = canvas;
  if (!width || !height) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let painted = 0;
  for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
  return painted / (width * height);
}"""
"""Share of a canvas that is painted."""

SETTLED = settled("(canvas) => canvas.toDataURL()")


class TensorPage:
    """The card on the page.

    Args:
        page: The page it is on.
        kernel: The kernel behind the page; its `view` is the widget.
        host: "voila" or "lab".
    """

    def __init__(self, page, kernel, host):
        self.page, self.kernel, self.host = page, kernel, host
        self.selector = ".fe-tensor"

    @property
    def root(self):
        return self.page.locator(f"{self.selector}:not([data-old])")

    def show(self, code, selector=".fe-tensor"):
        """Put a new widget on the page in place of the one there; any widget whose root has the class `selector`."""
        self.page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.setAttribute('data-old', ''))")
        self.kernel.run(f"show({code})")
        self.selector = selector
        self.root.wait_for()
        self.page.wait_for_function("!document.querySelector('[data-old]')")
        if selector in (".fe-tensor", ".fe-ladder"):
            self.settled()
        return self

    @property
    def stage(self):
        return self.root.locator(".fe-tensor-stage")

    @property
    def canvas(self):
        return self.stage.locator("canvas")

    def settled(self):
        """The picture, as a data address, once it moves no more."""
        return self.canvas.evaluate(SETTLED)

    def painted(self):
        return self.canvas.evaluate(PAINTED)

    def text(self, selector):
        return self.root.locator(selector).first.inner_text()

    @property
    def state(self):
        return self.text(".fe-state")

    @property
    def hand(self):
        """Code and value of the cell in hand."""
        return self.text(".fe-hand code"), self.text(".fe-hand b")

    @property
    def spoken(self):
        """What a screen reader was told last."""
        return self.root.locator(":scope > .fe-hidden[role=status]").text_content()

    def keys(self, *keys):
        self.stage.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def wait_text(self, selector, part):
        self.root.locator(selector).filter(has_text=part).first.wait_for()

    def wait_selection(self, text):
        """Wait until the index bar shows what was taken, and Python knows of it."""
        field = self.root.locator(".fe-index-code input")
        self.page.wait_for_function("([field, text]) => field.value === text", arg=[field.element_handle(), text])
        self.kernel.wait("view.selection", text)

    def messages(self):
        """What the page has sent to widgets in the kernel."""
        return messages(self.page)
