"""Finds nginx for the tests; run as a script it installs Debian's where there is none."""

import os
import shutil
import subprocess
import sys


def find() -> str | None:
    """Path of nginx; None if there is none. FIRSTEPOCH_NGINX names another."""
    return os.environ.get("FIRSTEPOCH_NGINX") or shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def install() -> None:
    """Try the system's package manager."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "nginx"]):
        subprocess.run([*root, "apt-get", *command])


if __name__ == "__main__":
    if not find() and shutil.which("apt-get"):
        print("No nginx found; installing one.", flush=True)
        install()
    found = find()
    if not found:
        sys.exit("tests/cluster needs nginx. Install it, or set FIRSTEPOCH_NGINX to its path.")
    print(f"nginx: {found}")
