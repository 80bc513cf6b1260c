"""Finds a Chromium for the tests; run as a script it installs one where the system or Playwright can give it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Path of a Chromium or Chrome; None if there is none. FIRSTEPOCH_CHROMIUM names another."""
    named = os.environ.get("FIRSTEPOCH_CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        path = shutil.which(name)
        if path:
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Try the system's package manager, then Playwright."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    attempts = [
        [*root, "apt-get", "update", "-qq"],
        [*root, "apt-get", "install", "-y", "-qq", "chromium", "fonts-dejavu-core"],
    ]
    if shutil.which("apt-get") and all(subprocess.run(command).returncode == 0 for command in attempts):
        return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    if not find():
        print("No Chromium found; installing one.", flush=True)
        install()
    found = find()
    if not found:
        sys.exit("The browser tests need Chromium. Install it, or set FIRSTEPOCH_CHROMIUM to its path.")
    print(f"Chromium: {found}")
