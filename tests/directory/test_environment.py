"""A bad value in the environment is refused with its name; nothing is guessed."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from directory import environment

NAME = "DIRECTORY_TEST_SETTING"


def test_text_prefers_the_value_to_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
    assert environment.text(NAME, "default") == "from the file"

    monkeypatch.setenv(NAME, "value")
    assert environment.text(NAME, "default") == "value"


def test_text_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")

    assert environment.text(NAME, "default") == "default"


def test_text_without_default_names_what_is_missing() -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"Set {NAME} \(or {NAME}_FILE\)"):
        environment.text(NAME)


def test_text_unreadable_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "none"))

    with pytest.raises(ImproperlyConfigured, match=rf"{NAME}_FILE: cannot read .*none: No such file"):
        environment.text(NAME, "default")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("1", True),
        ("YES", True),
        (" on ", True),
        ("true", True),
        ("0", False),
        ("No", False),
        ("off", False),
        ("", False),
    ],
)
def test_boolean_words(monkeypatch: pytest.MonkeyPatch, word: str, value: bool) -> None:
    monkeypatch.setenv(NAME, word)

    assert environment.boolean(NAME, default=not value) is value


@pytest.mark.parametrize("default", [True, False])
def test_boolean_default(default: bool) -> None:
    assert environment.boolean(NAME, default=default) is default


def test_boolean_refuses_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "maybe")

    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be one of .* it is 'maybe'"):
        environment.boolean(NAME)


def test_integer_value_and_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.integer(NAME, default=3) == 3

    monkeypatch.setenv(NAME, " 12 ")
    assert environment.integer(NAME, default=3) == 12


@pytest.mark.parametrize("word", ["", "-1", "1.5", "four", "4"])
def test_integer_refuses_what_is_no_whole_number_or_too_small(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv(NAME, word)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be a whole number of at least 5"):
        environment.integer(NAME, default=5, minimum=5)


def test_words_are_trimmed_and_empty_ones_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.words(NAME, default="a,b") == ["a", "b"]

    monkeypatch.setenv(NAME, " one, ,two ,")
    assert environment.words(NAME, default="a,b") == ["one", "two"]


def test_languages_have_their_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "en, de,fr")

    assert environment.languages(NAME, default="en") == [("en", "English"), ("de", "Deutsch"), ("fr", "français")]


@pytest.mark.parametrize("value", ["de", "en,xx", "english"])
def test_languages_that_cannot_be_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match=NAME):
        environment.languages(NAME, default="en")
