"""The LiveTraining card on an open page: what a test reads of it and does to it."""

from settled import settled, until

ROOT = ".fe-training"
CURVES = """(figure) => [...figure.querySelectorAll("path.line")]
  .map((path) => [Number(getComputedStyle(path).opacity), path.getAttribute("d") ?? ""])
  .filter(([, shape]) => shape.length > 12)"""
"""The lines of a chart that are drawn: their opacity, their shape."""
PALE = 0.5
"""Opacity of an earlier run's lines."""
STATUS = "([root, wanted]) => wanted.includes(document.querySelector(root)?.dataset.status)"


class Card:
    """One card.

    Args:
        page: The page it is on.
        kernel: The kernel behind the page; its `live` is the widget.
    """

    def __init__(self, page, kernel):
        self.page, self.kernel = page, kernel
        self.root = page.locator(ROOT)

    def renew(self, code):
        """Run this code in the kernel, which puts another LiveTraining in the place of this one, and wait for it."""
        self.page.evaluate(f"document.querySelector('{ROOT}')?.setAttribute('data-old', '')")
        self.kernel.run(code)
        self.page.wait_for_selector(f"{ROOT}:not([data-old]) .bqplot .plotarea_background")
        self.page.wait_for_selector(f"{ROOT}[data-old]", state="detached")

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def press(self, name):
        self.button(name).click()

    @property
    def status(self):
        return self.root.get_attribute("data-status")

    def wait(self, *statuses, timeout=120_000):
        """Wait until the card shows one of these states."""
        self.page.wait_for_function(STATUS, arg=[ROOT, list(statuses)], timeout=timeout)

    def wait_epoch(self, least, timeout=120_000):
        """Wait until the control bar shows that many epochs."""
        self.page.wait_for_function(
            "([root, least]) => document.querySelector(`${root} progress`).value >= least",
            arg=[ROOT, least],
            timeout=timeout,
        )

    def wait_text(self, selector, part, timeout=60_000):
        """Wait until an element of the card is visible and says this."""
        self.root.locator(selector).filter(has_text=part).first.wait_for(timeout=timeout)

    def train(self):
        """Press Train and wait for the end of that very run."""
        run = self.kernel("live.run.number") + 1
        self.press("Train")
        self.page.wait_for_function(
            """([root, run]) => {
              const card = document.querySelector(root);
              const newest = card.querySelector(".fe-runs tbody tr:last-child");
              const ended = newest && !newest.textContent.includes("…");
              return card.dataset.status === "done" && ended && newest.querySelector("th").textContent === `● ${run}`;
            }""",
            arg=[ROOT, run],
            timeout=120_000,
        )

    def chart(self, number=0):
        return self.root.locator(".fe-chart").nth(number)

    def curves(self, chart=0):
        """The lines of a chart that are drawn, as they are now: opacity and shape of each."""
        return self.chart(chart).evaluate(CURVES)

    def wait_curves(self, epochs, pale=0, chart=0):
        """Wait until a chart shows a run of that many epochs, and so many pale lines; gives them once they are still.

        The charts are told after the status: a card that says "done" may not have drawn its last epochs.
        """

        def drawn():
            found = self.curves(chart)
            return max((shape.count("L") + 1 for opacity, shape in found if opacity > PALE), default=0), len(
                [opacity for opacity, _ in found if opacity <= PALE]
            )

        until(drawn, (epochs, pale))
        self.chart(chart).evaluate(settled(f"(figure) => JSON.stringify(({CURVES})(figure))"))
        return self.curves(chart)

    def text(self, selector):
        return self.root.locator(selector).inner_text()

    @property
    def sentence(self):
        return self.text(".fe-sentence:not(.fe-outcome)")

    @property
    def bar(self):
        """What the control bar says of the progress."""
        return self.text(".fe-progress .fe-number")

    def set(self, label, value):
        """Type a setting and leave its field."""
        field = self.root.get_by_label(label, exact=True)
        field.fill(str(value))
        field.blur()

    @property
    def slider(self):
        return self.root.locator(".fe-player input[type=range]")

    def scrub(self, frame):
        self.slider.evaluate(
            "(slider, frame) => { slider.value = frame; slider.dispatchEvent(new Event('input')); }", frame
        )

    def rows(self):
        """The table of runs, as lists of cell texts."""
        return [row.locator("th, td").all_inner_texts() for row in self.root.locator(".fe-runs tbody tr").all()]
