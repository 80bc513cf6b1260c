"""`firstepoch serve` as a student meets it: the address, the pages, and what stays closed. No browser here."""

import http.cookiejar
import json
import re
import shutil
import signal
import socket
import urllib.error
import urllib.parse
import urllib.request

import pytest
from servers import write_notebook

from firstepoch.lessons.paths import lessons, title

EXTERNAL = re.compile(r"(?:src|href|action|url)\s*[=(]\s*[\"']?(https?:)?//", re.IGNORECASE)


def fetch(url, timeout=120):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.status, answer.url, answer.read().decode("utf-8")


@pytest.fixture(scope="module")
def own(tmp_path_factory, serve):
    """A folder with two notebooks of a lecturer's own, served."""
    folder = tmp_path_factory.mktemp("own")
    write_notebook(
        folder,
        "one",
        "md:# One\n\nText <b>first</b>",
        "import pandas as pd\npd.DataFrame({'a': [1.5]})",
        "secret = 'the source stays here'",
        "import ipywidgets\nipywidgets.IntSlider()",
        "print('said & done')",
        "md:## The end",
        title="A page",
    )
    write_notebook(folder, "two", "md:# Two", "1 / 0", "print('never')", title="Two <2>")
    write_notebook(folder, "three", "md:# Three", "import os; os._exit(1)", "print('never')")
    (folder / "notes.txt").write_text("private")
    (folder / "solution.py").write_text("private")
    with serve(str(folder), "--port", "0") as (_, _, url):
        yield url


@pytest.fixture(scope="module")
def one(own):
    """The page of the first notebook."""
    return fetch(f"{own}voila/render/one.ipynb")[2]


def test_one_lesson_is_at_the_root_and_asks_no_other_host(serve):
    with serve("tensors", "--port", "0") as (_, lines, url):
        assert re.fullmatch(r"The lessons are at http://127\.0\.0\.1:\d+/  \(Ctrl\+C stops them\)\n", lines[0])
        with urllib.request.urlopen(url, timeout=60) as answer:
            assert answer.url == f"{url}voila/render/tensors.ipynb"
            start = answer.read(6000).decode("utf-8", "ignore")
        assert '<html lang="en">' in start
        assert "<title>Tensors" in start
        assert not EXTERNAL.search(start)


def test_the_start_page_has_the_lessons_in_the_order_of_the_course_and_no_kernel(serve, tmp_path):
    with serve("--port", "0", JUPYTER_RUNTIME_DIR=str(tmp_path)) as (_, _, url):
        _, where, page = fetch(url)
        assert where == f"{url}voila/render/index.ipynb"
        assert not list(tmp_path.rglob("kernel-*.json"))
    contents = page[page.index('id="fe-contents"') : page.index("</nav>", page.index('id="fe-contents"'))]
    assert re.findall(r'href="/voila/render/(\w+)\.ipynb"', contents) == list(lessons())
    assert [title(path) for path in lessons().values()] == re.findall(r"<span>(.*?)</span>", contents)
    assert "kernelId" not in page
    assert "voila.js" not in page


def test_all_of_the_text_comes_before_the_first_output(one):
    assert one.index("Text <b>first</b>") < one.index("The end") < one.index('id="fe-output-2"')
    assert one.index('id="fe-slot-2"') < one.index('id="fe-slot-3"') < one.index('id="fe-output-2"')
    assert one.count("firstepoch.ran(") == 4
    assert "firstepoch.finished()" in one


def test_outputs_are_there_and_sources_are_not(one):
    assert "<td>1.5</td>" in one
    assert "said &amp; done" in one
    assert "application/vnd.voila.cell-output+json" in one
    assert "the source stays here" not in one
    assert "import pandas" not in one


def test_no_address_outside_in_a_whole_page(one):
    assert not EXTERNAL.search(one)
    config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', one, re.DOTALL)[1]
    assert "http" not in config
    names = {extension["name"] for extension in json.loads(config)["federated_extensions"]}
    assert {"@jupyter-widgets/jupyterlab-manager", "anywidget", "bqplot"} <= names
    assert not any("notebook" in name for name in names)


def test_every_file_the_page_names_is_served(own, one):
    found = re.findall(r'(?:src|href)="(/[^"#]+)"', one)
    assert len(found) >= 4
    for path in found:
        # Another lesson is a page of its own: it answers when its kernel has run.
        if not path.endswith(".ipynb"):
            assert fetch(own.rstrip("/") + path)[0] == 200, path


def test_a_cell_that_fails_is_told_in_plain_words(own):
    _, _, page = fetch(f"{own}voila/render/two.ipynb")
    assert "This part of the lesson could not run" in page
    assert "ZeroDivisionError" not in page
    assert "Traceback" not in page
    assert "never" not in page
    assert "<title>Two &lt;2&gt; · firstepoch</title>" in page


def test_a_kernel_that_dies_ends_the_page_in_plain_words(own):
    _, _, page = fetch(f"{own}voila/render/three.ipynb")
    assert "This part of the lesson could not run" in page
    assert page.count("firstepoch.ran(") == 1
    assert "never" not in page
    assert "Voilà" not in page
    assert page.rstrip().endswith("</html>")


def test_the_index_lists_the_lessons(own):
    _, _, page = fetch(own)
    assert 'voila/render/one.ipynb">A page</a>' in page
    assert 'voila/render/two.ipynb">Two &lt;2&gt;</a>' in page
    assert "notes" not in page
    assert not EXTERNAL.search(page)


def test_a_page_that_is_left_ends_its_kernel(own):
    """The page sends this request as it is left; voila#1458 is that it is refused."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{own}voila/render/one.ipynb", timeout=120).read().decode("utf-8")
    kernel = re.search(r'"kernelId": "([-0-9a-f]+)"', page)[1]
    assert opener.open(f"{own}api/kernels/{kernel}", timeout=60).status == 200
    form = urllib.parse.urlencode({"_xsrf": next(one.value for one in jar if one.name == "_xsrf").strip('"')})
    with opener.open(f"{own}voila/api/shutdown/{kernel}", form.encode(), timeout=60) as answer:
        assert answer.status == 204
    with pytest.raises(urllib.error.HTTPError):
        opener.open(f"{own}api/kernels/{kernel}", timeout=60)


@pytest.mark.parametrize(
    "path",
    [
        "voila/files/notes.txt",
        "voila/files/solution.py",
        "voila/files/one.ipynb",
        "voila/files/../../etc/passwd",
        "voila/api/contents/",
        "voila/tree/",
        "voila/render/notes.txt",
        "voila/render/none.ipynb",
        "voila/render/../none.ipynb",
        "nothing/here",
    ],
)
def test_only_the_lessons_are_reachable(own, path):
    with pytest.raises(urllib.error.HTTPError) as error:
        fetch(own + path)
    assert error.value.code in (403, 404)
    page = error.value.read().decode("utf-8")
    assert "private" not in page
    assert not EXTERNAL.search(page)


@pytest.fixture(scope="module")
def other(tmp_path_factory, serve):
    """A server that was asked for a taken port, where another project has settings: lines, port, address."""
    folder, configuration = tmp_path_factory.mktemp("other"), tmp_path_factory.mktemp("config")
    write_notebook(folder, "one", "md:# One", "print(1)")
    (configuration / "voila.json").write_text(json.dumps({"VoilaConfiguration": {"template": "lab"}}))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serve(str(folder), "--port", str(port), JUPYTER_CONFIG_DIR=str(configuration)) as (_, lines, url):
            yield lines, port, url


def test_a_taken_port_is_told_and_another_one_used(other):
    lines, port, url = other
    used = int(url.rsplit(":", 1)[1].rstrip("/"))
    assert used != port
    assert lines[0] == f"Port {port} is taken; using {used}.\n"
    assert fetch(url)[0] == 200


def test_settings_of_other_projects_do_not_get_in(other):
    assert "fe-header" in fetch(f"{other[-1]}voila/render/one.ipynb")[2]


@pytest.mark.skipif(shutil.which("kill") is None, reason="needs POSIX signals")
def test_ctrl_c_stops_it_quietly(serve, tmp_path):
    write_notebook(tmp_path, "one", "md:# One")
    with serve(str(tmp_path), "--port", "0") as (process, _, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""
