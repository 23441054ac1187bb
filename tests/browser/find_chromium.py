"""Prints the path of a Chromium that starts, for the browser tests; installs one when there is none.

Order: CHROMIUM from the environment, an installed one, Playwright's download, as root Debian's package.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 30
DOWNLOAD_SECONDS = 240
APT_SECONDS = 600
HELP = """\
The browser tests need Chromium, and none could be found or installed (see above). Any one of these helps:
  - install it: `apt-get install chromium` (Debian), `dnf install chromium` (Fedora), `brew install --cask chromium`
  - set CHROMIUM to the path of an installed Chromium or Chrome
  - let Playwright fetch its own: .venv/bin/python -m playwright install --with-deps chromium
The other tests run without it: .venv/bin/python -m pytest --ignore=tests/browser"""


def main() -> int:
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return finish(chosen if starts(chosen) else None, f"CHROMIUM={chosen} does not start.")
    ways: tuple[Callable[[], str | None], ...] = (installed, downloaded_before, download, install_package)
    for way in ways:
        if path := way():
            return finish(path)
    return finish(None, HELP)


def finish(path: str | None, message: str = "") -> int:
    if path is None:
        tell(message)
        return 1
    print(path)
    return 0


def starts(path: str) -> bool:
    """Whether ``path`` runs at all: Ubuntu's chromium-browser may only be a hint, a download may lack libraries."""
    try:
        result = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=START_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def installed() -> str | None:
    paths = filter(None, map(shutil.which, NAMES))
    return next((path for path in paths if starts(path)), None)


def downloaded_before() -> str | None:
    code = "import playwright.sync_api as p\nwith p.sync_playwright() as w: print(w.chromium.executable_path)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    path = result.stdout.strip()
    return path if path and starts(path) else None


def download() -> str | None:
    tell("No Chromium found: trying Playwright's download …")
    run([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_SECONDS)
    return downloaded_before()


def install_package() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    tell("Trying apt-get install chromium …")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    if run(["apt-get", "update", "-qq"], APT_SECONDS):
        run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"], APT_SECONDS)
    return installed()


def run(command: list[str], seconds: int) -> bool:
    """Whether ``command`` succeeds in time; shows the end of what it wrote otherwise."""
    try:
        result = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=seconds, text=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        tell(f"  {error}")
        return False
    if result.returncode:
        tell("\n".join(f"  {line}" for line in result.stdout.strip().splitlines()[-5:]))
    return result.returncode == 0


def tell(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
