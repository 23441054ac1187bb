"""Makes .venv and installs what requirements.lock names; quick when that has been done. Called by the Makefile.

Standard library only. Several calls at once wait for each other; an installation that was broken off is made anew.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
# Written last: its content tells which packages, for which Python, at which place (scripts hold their full path).
STAMP = VENV / "installed"
# Twice quiet: errors are shown, warnings about the index are not.
PIP = ["-m", "pip", "--disable-pip-version-check", "-qq", "install", "--no-input", "--require-hashes", "-r"]


def main() -> int:
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    wanted = stamp()
    if read_stamp() == wanted and works():
        return 0
    sys.stderr.write("Installing the packages of requirements.lock into .venv (first time, about a minute) …\n")
    try:
        install()
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"The installation failed: {error.cmd[0]} ended with code {error.returncode}, see above.\n")
        return 1
    STAMP.write_text(wanted, encoding="utf-8")
    return 0


def stamp() -> str:
    """What an installation that fits this checkout and this Python writes."""
    packages = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{packages} {sys.version_info.major}.{sys.version_info.minor} {VENV}"


def read_stamp() -> str | None:
    try:
        return STAMP.read_text(encoding="utf-8")
    except OSError:
        return None


def works() -> bool:
    """Whether the environment's Python still starts: the one it was made from may have been removed."""
    try:
        return subprocess.run([PYTHON, "-c", "import django"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install() -> None:
    found = read_stamp()
    if found is None or found.split(" ", 1)[1] != stamp().split(" ", 1)[1] or not works():
        make_environment()
    # Without its stamp an installation that is broken off now counts as half-made.
    STAMP.unlink(missing_ok=True)
    subprocess.run([PYTHON, *PIP, LOCK], check=True, cwd=ROOT)


def make_environment() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], check=False, capture_output=True, text=True, errors="replace"
    )
    if result.returncode:
        sys.stderr.write(result.stdout + result.stderr)
        sys.stderr.write("On Debian and Ubuntu the package python3-venv is needed: apt-get install python3-venv\n")
        raise subprocess.CalledProcessError(result.returncode, ["python -m venv"])


if __name__ == "__main__":
    sys.exit(main())
