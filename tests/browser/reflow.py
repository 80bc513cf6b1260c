"""What is lost of a card on a narrow page, also where a reader spaces the text out (WCAG 1.4.10 and 1.4.12)."""

SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""
LOST = """([root, pictures]) => [...document.querySelectorAll(root)].flatMap((card) => {
  const { left, right } = card.getBoundingClientRect();
  const scrolled = (one) => {
    for (let at = one.parentElement; at !== card.parentElement; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const drawn = (one) => one.namespaceURI.endsWith("svg") && !(pictures && one.tagName === "text") ||
    one.closest(".bqplot");
  return [...card.querySelectorAll("*")].flatMap((one) => {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest(".fe-hidden") || drawn(one)) return [];
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height) return [];
    const out = (box.right > right + 1 || box.left < left - 1) && !scrolled(one);
    const cut = /^(BUTTON|SUMMARY)$/.test(one.tagName) &&
      (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2);
    const what = `${one.tagName.toLowerCase()} ${one.className} "${one.textContent.trim().slice(0, 40)}"`;
    return out || cut ? [`${out ? "sticks out" : "is cut"}: ${what}`] : [];
  });
})"""


def lost(page, root):
    """The parts of the cards that stick out of them or are cut at the width the page has now, as sentences.

    Args:
        page: The page.
        root: CSS selector of the cards. What scrolls in a box of its own, what bqplot draws, and a picture's words
            that are spaced out are not looked at.
    """
    found = page.evaluate(LOST, [root, True])
    style = page.add_style_tag(content=SPACED)
    found += [f"with text spaced out, {one}" for one in page.evaluate(LOST, [root, False]) if one not in found]
    style.evaluate("(style) => style.remove()")
    return found
