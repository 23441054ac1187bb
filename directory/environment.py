"""Settings come from the environment through these helpers, which refuse a bad value instead of guessing."""

import os
from pathlib import Path

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The value of ``name``, or the content of the file that ``name_FILE`` points to, or ``default``.

    Raises ImproperlyConfigured when nothing is set and there is no default.
    """
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error.strerror}") from error
    if default is None:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE) in the environment.")
    return default


def boolean(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off; raises ImproperlyConfigured for anything else."""
    word = os.environ.get(name)
    if word is None:
        return default
    if word.strip().lower() in TRUE_WORDS:
        return True
    if word.strip().lower() in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, true, yes, on, 0, false, no, off; it is {word!r}.")


def integer(name: str, *, default: int, minimum: int = 0) -> int:
    """A whole number of at least ``minimum``; raises ImproperlyConfigured for anything else."""
    word = os.environ.get(name)
    if word is None:
        return default
    if not word.strip().isdecimal() or int(word) < minimum:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {minimum}; it is {word!r}.")
    return int(word)


def languages(name: str, *, default: str) -> list[tuple[str, str]]:
    """(Code, own name) pairs of the languages listed; raises ImproperlyConfigured for one that Django does not know."""
    codes = words(name, default=default)
    unknown = [code for code in codes if "name_local" not in LANG_INFO.get(code, {})]
    if unknown or "en" not in codes:
        raise ImproperlyConfigured(f"{name} must list language codes, “en” among them; it is {os.environ.get(name)!r}.")
    return [(code, LANG_INFO[code]["name_local"]) for code in codes]


def words(name: str, *, default: str = "") -> list[str]:
    """The comma-separated words of ``name``, trimmed, empty ones left out."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]
