"""The letters that stand for this process's code: the same for the same sources, others for others."""

import os
import re

import pytest

from directory import release
from directory.release import LETTERS

COUNTING = ("conditions/views.py", "templates/a/b.html", "static/css/base.css")


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A project of three files that count and two that do not."""
    monkeypatch.setattr(release, "ROOT", tmp_path)
    for path in (
        "conditions/views.py",
        "templates/a/b.html",
        "static/css/base.css",
        "static/notes.txt",
        "bench/run.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
        os.utime(tmp_path / path, (1_000, 1_000))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    release.release.cache_clear()
    release.released_at.cache_clear()


def letters() -> str:
    forget()
    return release.release()


def test_release_is_a_few_letters_for_any_header():
    assert re.fullmatch(rf"[0-9a-f]{{{LETTERS}}}", release.release())


def test_release_of_the_same_sources_is_the_same(sources):
    before = letters()
    os.utime(sources / "conditions/views.py", (2_000, 2_000))

    assert letters() == before


@pytest.mark.parametrize("path", COUNTING)
def test_release_is_another_when_a_source_changes_moves_goes_or_comes(sources, path):
    seen = [letters()]
    (sources / path).write_text("changed")
    seen.append(letters())
    (sources / path).rename((sources / path).with_stem("moved"))
    seen.append(letters())
    (sources / path).with_stem("moved").unlink()
    seen.append(letters())
    (sources / path).write_text("")
    seen.append(letters())

    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("path", ["static/notes.txt", "bench/run.py", "conditions/__pycache__/views.pyc"])
def test_release_is_the_same_whatever_other_files_hold(sources, path):
    before = letters()
    (sources / path).parent.mkdir(exist_ok=True)
    (sources / path).write_text("changed")

    assert letters() == before


def test_release_is_worked_out_once(sources):
    before = release.release()
    (sources / "conditions/views.py").write_text("changed")

    assert release.release() == before


def test_released_at_is_the_time_of_the_newest_source(sources):
    assert release.released_at() == 1_000
    forget()
    os.utime(sources / "templates/a/b.html", (3_000.9, 3_000.9))
    os.utime(sources / "bench/run.py", (4_000, 4_000))

    assert release.released_at() == 3_000
