"""Waiting for what arrives by another message or frame: until it is as wanted, or until it moves no more."""

import time


def until(read, wanted, timeout=30):
    """Read again until it is as wanted; what was read last is told if it never is.

    Args:
        read: A function that reads the page or the kernel.
        wanted: What it gives in the end, or a function of it that says whether it is as wanted.
        timeout: Seconds to wait at most.

    Returns:
        What was read.
    """
    deadline = time.monotonic() + timeout
    while True:
        found = read()
        if wanted(found) if callable(wanted) else found == wanted:
            return found
        assert time.monotonic() < deadline, f"it is {found!r}" + ("" if callable(wanted) else f", not {wanted!r}")
        time.sleep(0.05)


def settled(look):
    """A script for `evaluate` on an element: what `look(element)` gives once it has been the same for 24 frames.

    Args:
        look: A JavaScript function of the element.
    """
    return f"""(element) => new Promise((resolve) => {{
  const look = {look};
  let last = "", same = 0, frame = 0;
  const wait = () => {{
    if (frame++ % 6 === 0) {{ // taking a picture costs more than drawing one
      const now = look(element);
      same = now === last ? same + 1 : 0;
      last = now;
      if (same === 4) return resolve(now);
    }}
    requestAnimationFrame(wait);
  }};
  wait();
}})"""
