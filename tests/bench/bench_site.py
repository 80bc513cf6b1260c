"""Times and weighs a lesson page against the same notebook on Voilà's own `lab` template.

Run `python tests/bench/bench_site.py`, or call `measure()` for the numbers. Needs a Chromium.
"""

import shutil
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

import servers
from chromium import FLAGS, find

from firstepoch.lessons.paths import lessons

LESSON, LAST, TIMES = "heart", "Train the network", 5
"""The lesson, the heading of its last large card, and how many visits."""
LIMITS = {"text": 1.0, "picture": 1.0, "interactive": 1 / 3, "weight": 1.0}
"""Of the stock page; all of the text counts as well as the widgets."""

WATCH = """(last) => {
  const moments = window.moments = {};
  const seen = {
    text: () => document.querySelector("h1"),
    picture: () => document.querySelector(".fe :is(svg, canvas)"),
    interactive: () => [...document.querySelectorAll(".fe h2")].some((one) => one.textContent === last),
  };
  const look = () => {
    for (const [name, there] of Object.entries(seen)) {
      if (!(name in moments) && there()) moments[name] = performance.now();
    }
    if (Object.keys(moments).length < 3) requestAnimationFrame(look);
  };
  look();
}"""
"""Milliseconds since the page was asked for, at the frame that first shows it."""


def visit(browser, url):
    """A visit with an empty cache: seconds to the first text, the first picture and the last widget; kilobytes."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    weights = []
    devtools.on("Network.loadingFinished", lambda loaded: weights.append(loaded["encodedDataLength"]))
    page.add_init_script(f"({WATCH})({LAST!r})")
    page.goto(f"{url}voila/render/{LESSON}.ipynb", wait_until="commit", timeout=120_000)
    page.wait_for_function("Object.keys(window.moments ?? {}).length === 3", timeout=120_000)
    moments = page.evaluate("window.moments")
    context.close()
    return {name: moments[name] / 1000 for name in ("text", "picture", "interactive")} | {"weight": sum(weights) / 1000}


def measure():
    """Medians of TIMES visits each, in turn, to our page and to the stock one."""
    from playwright.sync_api import sync_playwright

    found = {"firstepoch": [], "lab": []}
    with tempfile.TemporaryDirectory(prefix="firstepoch-bench-") as folder, ExitStack() as open_now:
        home = Path(folder)
        for name in ("notebooks", "ours", "lab"):
            (home / name).mkdir()
        shutil.copy(lessons()[LESSON], home / "notebooks")
        pages = {
            "firstepoch": open_now.enter_context(servers.voila(home / "notebooks", home / "ours")),
            "lab": open_now.enter_context(servers.stock_voila(home / "notebooks", home / "lab")),
        }
        playwright = open_now.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for number in range(TIMES + 1):
            for name, server in pages.items():
                visited = visit(browser, server.url)
                if number:  # the first visit warms the disk's cache
                    found[name].append(visited)
        browser.close()
    return {
        name: {part: statistics.median(one[part] for one in visits) for part in visits[0]}
        for name, visits in found.items()
    }


def main():
    medians = measure()
    ours, stock = medians["firstepoch"], medians["lab"]
    print(f"The lesson {LESSON!r}, an empty cache, medians of {TIMES} visits in turn:")
    missed = False
    for part, what, unit in (
        ("text", "first text", "s"),
        ("picture", "first picture", "s"),
        ("interactive", "last widget", "s"),
        ("weight", "page weight", "kB"),
    ):
        ratio = ours[part] / stock[part]
        missed |= ratio > LIMITS[part]
        told = f"ratio {ratio:.2f} (limit {LIMITS[part]:.2f})"
        print(f"  {what:14} {ours[part]:8.2f} {unit:2} lab {stock[part]:8.2f} {unit:2}  {told}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
