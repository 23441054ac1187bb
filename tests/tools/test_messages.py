"""The message catalogues: complete, in step with the sources, and compiled."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tools.messages import ROOT, catalogues, compiled

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
SOURCES = ("conditions", "directory", "locale", "specialists", "static", "templates", "tools")

CATALOGUES = catalogues()
every_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


def messages(path: Path) -> set[tuple[str | None, str, str]]:
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in polib.pofile(str(path)) if not entry.obsolete}


def parts(pattern: re.Pattern[str], text: str) -> list[str]:
    return sorted(pattern.findall(text))


def test_german_has_a_catalogue():
    assert [path.parts[-3] for path in CATALOGUES] == ["de"]


@every_catalogue
def test_every_message_is_translated(path):
    catalogue = polib.pofile(str(path))

    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


@every_catalogue
@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_translations_have_the_placeholders_and_tags_of_the_message(path, pattern):
    wrong = []
    for entry in polib.pofile(str(path)):
        if entry.msgid_plural:
            # The singular may say "one" without its number.
            one, many = entry.msgstr_plural[0], entry.msgstr_plural[1]
            extra = set(parts(pattern, one)) - set(parts(pattern, entry.msgid_plural))
            fits = not extra and parts(pattern, many) == parts(pattern, entry.msgid_plural)
        else:
            fits = parts(pattern, entry.msgstr) == parts(pattern, entry.msgid)
        if not fits:
            wrong.append(entry.msgid)
    assert wrong == []


@every_catalogue
def test_translations_keep_blanks_at_the_ends(path):
    def ends(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    wrong = [
        entry.msgid for entry in polib.pofile(str(path)) if entry.msgstr and ends(entry.msgid) != ends(entry.msgstr)
    ]
    assert wrong == []


@every_catalogue
def test_compiled_catalogue_is_that_of_the_source(path):
    assert path.with_suffix(".mo").read_bytes() == compiled(path), "make messages compiles it"


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed: nothing can be extracted")
def test_catalogues_hold_the_messages_of_the_sources(tmp_path):
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.png"))
    before = {path: messages(path) for path in CATALOGUES}

    command = [sys.executable, "-m", "tools.messages"]
    run = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, check=False)

    assert run.returncode == 0, run.stderr.decode()
    for path, known in before.items():
        extracted = messages(tmp_path / path.relative_to(ROOT))
        assert (extracted - known, known - extracted) == (set(), set()), "make messages brings them in step"
