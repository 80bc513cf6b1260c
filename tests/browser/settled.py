"""A picture once it moves no more."""


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
