"""The wheel holds what a user needs, and nothing else."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATE = "data/share/jupyter/voila/templates/firstepoch/index.html.j2"


def test_the_wheel_holds_views_data_lessons_and_template(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", tmp_path, ROOT]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("firstepoch-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        table = archive.read("firstepoch/data/heart.csv")
        views = [
            archive.read(f"firstepoch/widgets/{name}/static/view.js")
            for name in ("ladder", "network", "task", "tensor", "training")
        ]
    assert hashlib.sha256(table).hexdigest() == "a91c81831bb2126e5fde6ce4ebde147a78429da12005108a6677ba57ecde9244"
    assert all(len(view) > 1000 for view in views)
    for wanted in (
        "firstepoch/lessons/checklist.ipynb",
        "firstepoch/lessons/gradient_descent.ipynb",
        "firstepoch/lessons/heart.ipynb",
        "firstepoch/lessons/index.ipynb",
        "firstepoch/lessons/loss.ipynb",
        "firstepoch/lessons/overfitting.ipynb",
        "firstepoch/lessons/sgd.ipynb",
        "firstepoch/lessons/tensorflow_keras.ipynb",
        "firstepoch/lessons/tensors.ipynb",
        "firstepoch/widgets/py.typed",
        TEMPLATE,
    ):
        assert any(name.endswith(wanted) for name in names), wanted
    assert not [name for name in names if name.endswith(".ts") or "/tests/" in name or "node_modules" in name]
    assert not [name for name in names if name.endswith(("README.md", "picture.png"))]
    assert not [name for name in names if name == "firstepoch/__init__.py"]
