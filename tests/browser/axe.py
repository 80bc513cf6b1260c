"""axe-core on an open page: what it finds against WCAG 2.2 A and AA, and against its own best practices."""

from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
RUN = """([root, tags]) => axe.run(root ? { include: root } : document, {
  runOnly: { type: "tag", values: tags },
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
}).then(({ violations }) => violations.flatMap(({ id, tags, nodes }) => nodes.map(
  ({ target, failureSummary, html }) =>
    [id, tags.includes("best-practice"), target.flat().join(" "), failureSummary, html.slice(0, 200)])))"""


class Violation(NamedTuple):
    """One element that breaks one rule.

    Attributes:
        rule: Name of the rule, as axe-core has it.
        advice: True if it is a best practice and no part of WCAG.
        target: CSS selector of the element.
        why: What is wrong, in axe-core's words.
        html: The element's own tag.
    """

    rule: str
    advice: bool
    target: str
    why: str
    html: str

    def __str__(self):
        return f"{self.rule} at {self.target}: {' '.join(self.why.split())} {self.html}"


def check(page, root=None, best=False):
    """What axe-core finds.

    Args:
        page: The page.
        root: CSS selector of the part to look at; the whole page without it.
        best: Look at best practices too.

    Returns:
        A list of `Violation`; only elements that can be seen are looked at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    tags = [*STANDARD, "best-practice"] if best else STANDARD
    return [Violation(*found) for found in page.evaluate(RUN, [root, tags])]
