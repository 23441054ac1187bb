"""What ``collectstatic`` makes of the stylesheets."""

import re
from pathlib import Path
from typing import cast

import pytest
from django.conf import LazySettings, settings
from django.core.files.storage import storages
from django.core.management import call_command

from directory.stylesheets import BUNDLE, PARTS, BundledStaticFilesStorage, addresses


@pytest.fixture
def collected(settings: LazySettings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    storage = {"BACKEND": "directory.stylesheets.BundledStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    ignored = ("admin", "django_prose_editor", "admin_ordering", "django_htmx", "img", "js")
    call_command("collectstatic", "--noinput", "--verbosity", "0", *(part for name in ignored for part in ("-i", name)))
    return tmp_path / cast("BundledStaticFilesStorage", storages["staticfiles"]).stored_name(BUNDLE)


def test_stylesheets_are_one_file_in_production(collected: Path) -> None:
    text = collected.read_text()

    positions = [text.index((settings.BASE_DIR / "static" / part).read_text()) for part in PARTS]
    assert positions == sorted(positions)
    assert addresses() == [f"/static/css/{collected.name}"]
    assert re.fullmatch(r"site\.[0-9a-f]{12}\.css", collected.name)


def test_one_file_is_compressed(collected: Path) -> None:
    packed = collected.with_name(collected.name + ".br")

    assert packed.stat().st_size < collected.stat().st_size / 3


def test_stylesheets_stay_apart_in_development() -> None:
    assert addresses() == [f"/static/{part}" for part in PARTS]
