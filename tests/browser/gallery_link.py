"""Pictures of cards that a link led to, and of cards with parts left out, for gallery.py."""

RACE = """\
from firstepoch import heart
_heart = heart.load()
def followed(query, **settings):
    from firstepoch.widgets import link
    import os
    os.environ["QUERY_STRING"] = query
    link.page.cache_clear()
    made = widgets.EpochRace(_heart.x_train, _heart.y_train, names=_heart.feature_names, **settings)
    os.environ["QUERY_STRING"] = ""
    link.page.cache_clear()
    return made"""
EPOCH = ".fe-epoch"


def links(camera, kernel):
    """A card set by a link, one that refused most of it, the link copied by hand, and a card with parts left out."""
    page = camera.page
    kernel.run(RACE)

    def show(made):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show({made})")
        page.wait_for_selector(f"{EPOCH}:not([data-old]) .fe-contour")
        page.wait_for_function("!document.querySelector('[data-old]')")

    show("followed('widget=EpochRace&batch_size=8&learning_rate=0.5&model=logistic')")
    camera.take("link_set", EPOCH)
    show('followed(\'widget=EpochRace&epochs=2&batch_size=0&features=["age","<b>"]&seed=true&height=3\')')
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.get_by_role("button", name="Copy a link to this state").click()
    page.get_by_text("take the link from the field").wait_for()
    camera.take("link_refused", EPOCH)
    show("followed('', hide=['features', 'seed', 'shuffle', 'fan', 'code', 'link'])")
    camera.take("link_parts-left-out", EPOCH)
