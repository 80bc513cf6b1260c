"""Fifty trainings in one session: neither the kernel nor the page may keep what it no longer shows."""

import psutil
import servers
from card import ROOT, Card
from pages import open_voila, watch

ALLOWED = 1.10
RUNS = """\
import gc
def runs(count):
    for number in range(count):
        live.dropout = 0.5 * (number % 2)
        live.train()
        live.wait()
    gc.collect()"""


def assert_no_growth(browser, server, first, more):
    """Train so often, and so often again on the page `live`; memory may grow by a tenth after the first runs."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    kernel = server.kernel(open_voila(page, server, "live"))
    card = Card(page, kernel)
    process = psutil.Process(kernel("__import__('os').getpid()"))
    kernel.run(RUNS)
    kernel.run("live.epochs = 30")
    devtools = context.new_cdp_session(page)

    def after(count, run):
        kernel.run(f"runs({count})")
        page.wait_for_function(
            "([root, run]) => document.querySelector(`${root} .fe-runs tbody tr:last-child th`).textContent === run",
            arg=[ROOT, f"● {run}"],
        )
        card.wait("done")
        devtools.send("HeapProfiler.collectGarbage")
        return process.memory_info().rss, devtools.send("Runtime.getHeapUsage")["usedSize"]

    # The first runs load Keras and trace both models.
    kernel_before, page_before = after(first, first)
    kernel_after, page_after = after(more, first + more)
    print(f"kernel {kernel_before / 2**20:.0f} -> {kernel_after / 2**20:.0f} MiB, ", end="")
    print(f"page {page_before / 2**20:.1f} -> {page_after / 2**20:.1f} MiB")
    assert kernel_after < ALLOWED * kernel_before
    assert page_after < ALLOWED * page_before
    assert page.problems == []
    kernel.close()
    context.close()


def test_fifty_trainings_do_not_grow_memory(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    servers.write_notebook(folder, "live", servers.SETUP)
    with servers.voila(folder, tmp_path_factory.mktemp("voila")) as server:
        assert_no_growth(browser, server, 5, 45)
