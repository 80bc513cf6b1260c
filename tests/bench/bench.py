"""`make bench`: speed as ratios within one run, against the named peer or limit; fails if a target is missed."""

import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
HERE = Path(__file__).parent

if __name__ == "__main__":
    failed = [
        script
        for script in (
            "bench_engine.py",
            "bench_live.py",
            "bench_tensor.py",
            "bench_epoch.py",
            "bench_overfitting.py",
            "bench_site.py",
            "bench_class.py",
        )
        if subprocess.run([sys.executable, HERE / script], check=False).returncode
    ]
    sys.exit(f"A target was missed in: {', '.join(failed)}" if failed else 0)
