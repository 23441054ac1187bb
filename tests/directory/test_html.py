"""The Nu HTML checker finds nothing wrong with any kind of page. Optional: it needs Java and a file of 32 MB.

``npm pack vnu-jar`` fetches it, VNU_JAR names it: docs/accessibility.md.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.directory.conftest import SmallSite

JAR = os.environ.get("VNU_JAR", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not JAR, reason="VNU_JAR does not name the Nu HTML checker (docs/accessibility.md)"),
    pytest.mark.skipif(not shutil.which("java"), reason="the Nu HTML checker needs Java"),
]
MORE = (
    *("/styleguide/", "/en/about/", "/en/accessibility/", "/en/glossary/", "/en/nothing/", "/en/search/?q=liver"),
    *("/en/shortlist/", "/en/shortlist/?p=aurelia-sternwald&p=clinic-am-park&q=park", "/en/specialists/map/"),
    *("/en/specialists/options/condition/", "/en/specialists/?near=Frankfurt&q=leever", "/admin/login/"),
    "/en/conditions/liver-metastases/thank-you/",
)


def messages(paths: list[Path]) -> list[dict[str, Any]]:
    """What the checker says about these files."""
    command = ["java", "-jar", JAR, "--format", "json", *map(str, paths)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(result.stderr)["messages"]
    return found


def test_every_kind_of_page_is_valid(client: Client, small_site: SmallSite, tmp_path: Path) -> None:
    addresses = [*small_site.pages.values(), *MORE, "/de/", "/de/specialists/"]
    files = {tmp_path / f"{number}.html": address for number, address in enumerate(addresses)}
    for path, address in files.items():
        path.write_bytes(client.get(address).content)

    found = messages(list(files))

    # A page of a small site may have few words in its own language: that is a guess of the checker, not an error.
    errors = [message for message in found if message["type"] == "error"]
    assert [(files[Path(message["url"].removeprefix("file:"))], message["message"]) for message in errors] == []


def test_checker_would_find_something(tmp_path: Path) -> None:
    path = tmp_path / "wrong.html"
    path.write_text('<!doctype html><html lang="en"><title>T</title><p id="a">One<p id="a">Two</html>')

    assert [message["message"] for message in messages([path]) if message["type"] == "error"] == ["Duplicate ID “a”."]
