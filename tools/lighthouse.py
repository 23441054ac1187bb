"""``make lighthouse``: Lighthouse judges pages of the sample content as production serves them, on a slow phone.

Needs Node and openssl; ``npx`` fetches Lighthouse. LIGHTHOUSE names another command, CHROMIUM the browser. Ends with 1
when a score is too low. Performance is simulated from what was measured here, so a busy machine lowers it.
"""

import json
import os
import secrets
import shlex
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench import serving

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "npx --yes lighthouse@12"
PAGES = {
    "condition": "/en/conditions/liver-metastases/",
    "condition in German": "/de/conditions/liver-metastases/",
    "list": "/en/specialists/",
    "physician": "/en/specialists/prof-aurelia-sternwald/",
    "clinic": "/en/specialists/sonnwendhof-clinic-heidelberg/",
    "home": "/en/",
}
# Out of 100; what is not named here must be full. A score for speed depends on the machine, too.
LEAST = {"performance": 95}
FULL = 100
TRIES = 3
ADMIN_FILES = ("admin", "django_prose_editor", "admin_ordering")
FLAGS = "--headless=new --no-sandbox --disable-gpu --ignore-certificate-errors"

Report = dict[str, Any]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as name, site(Path(name)) as origin:
        reports = {page: judge(origin + path) for page, path in PAGES.items()}
    for page, report in reports.items():
        print(f"{page}: {', '.join(f'{category} {score}' for category, score in scores(report).items())}")
        for line in shortcomings(report):
            print(f"    {line}")
    return int(
        any(score < LEAST.get(name, FULL) for report in reports.values() for name, score in scores(report).items())
    )


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The origin of the site under gunicorn, its static files collected into ``folder``, the sample content loaded."""
    for command in ("migrate", "load_sample", "load_places"):
        manage(os.environ, command)
    environment = production(folder)
    manage(environment, "collectstatic", "--noinput", *(part for name in ADMIN_FILES for part in ("-i", name)))
    with serving.gunicorn({**environment, "GUNICORN_CMD_ARGS": certified(folder)}) as server:
        yield f"https://localhost:{server.port}"


def certified(folder: Path) -> str:
    """gunicorn's options for TLS with a certificate of a day, which only our browser trusts."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *request, *files], check=True, stderr=subprocess.DEVNULL)
    return f"--keyfile {shlex.quote(str(key))} --certfile {shlex.quote(str(certificate))}"


def production(folder: Path) -> dict[str, str]:
    """Our environment, with the settings of a site in production."""
    dropped = ("DEVELOPMENT", "DEBUG", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": os.environ.get("MEDIA_ROOT", str(ROOT / "var" / "media")),
    }


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments, "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def judge(address: str) -> Report:
    """Lighthouse's report on a page, with its own settings for a phone; it asks for another try now and then."""
    command = shlex.split(os.environ.get("LIGHTHOUSE") or COMMAND)
    options = ["--output=json", "--quiet", f"--chrome-flags={FLAGS}"]
    environment = {**os.environ, "CHROME_PATH": os.environ.get("CHROMIUM", "")}
    warm(address)
    for _try in range(TRIES):
        result = subprocess.run([*command, address, *options], env=environment, stdout=subprocess.PIPE, check=False)
        if result.returncode == 0:
            report: Report = json.loads(result.stdout)
            return report
    raise SystemExit(f"Lighthouse gave up on {address}.")


def warm(address: str) -> None:
    """Ask once, as somebody nearly always has before: the next answer comes from the page cache."""
    with urlopen(address, context=ssl._create_unverified_context()) as response:  # noqa: S310, S323 - our own server
        response.read()


def scores(report: Report) -> dict[str, int]:
    return {name: round(FULL * (category["score"] or 0)) for name, category in report["categories"].items()}


def shortcomings(report: Report) -> list[str]:
    """The audits that cost something, each with what was measured."""
    counting = {
        entry["id"] for category in report["categories"].values() for entry in category["auditRefs"] if entry["weight"]
    }
    audits = (report["audits"][name] for name in sorted(counting))
    return [
        f"{audit['title']} {audit.get('displayValue', '')}".strip()
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]


if __name__ == "__main__":
    sys.exit(main())
