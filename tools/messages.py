"""``python -m tools.messages``: brings the message catalogues in step with the sources, and compiles them.

Extracting needs GNU gettext; compiling is done by polib, so that catalogues are the same bytes everywhere.
"""

import os
import sys
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
NOT_OURS = ["bench/*", "node_modules/*", "staticfiles/*", "tests/*", "tools/*", "var/*", ".venv/*"]


def catalogues() -> list[Path]:
    """The .po file of each language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def extract() -> None:
    """Adds new messages to each language's catalogue, and drops those that nothing says any more."""
    codes = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    for code in codes:
        (LOCALE / code / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    call_command(
        "makemessages", locale=codes, no_wrap=True, no_obsolete=True, add_location="file", ignore_patterns=NOT_OURS
    )
    for path in catalogues():
        # The date of extraction would be a change without one.
        catalogue = polib.pofile(str(path), wrapwidth=0)
        catalogue.metadata.pop("POT-Creation-Date", None)
        catalogue.save()


def compiled(path: Path) -> bytes:
    """What belongs into the .mo file beside ``path``."""
    content: bytes = polib.pofile(str(path)).to_binary()
    return content


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
    django.setup()
    try:
        extract()
    except CommandError as error:
        print(f"Messages were not extracted: {error}", file=sys.stderr)
        return 1
    for path in catalogues():
        catalogue = polib.pofile(str(path))
        path.with_suffix(".mo").write_bytes(compiled(path))
        left = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {left} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
