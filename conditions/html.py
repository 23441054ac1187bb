"""The one allow-list for editors' rich text, and the field that applies it to whatever is written."""

import re
from html import unescape
from typing import Any

import nh3
from django.utils.html import strip_tags
from django_prose_editor.fields import ProseEditorField

# What the editor offers. Pictures are model fields, never part of the text.
EDITOR_EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Heading": {"levels": [3]},
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "History": True,
}
CELL_SPAN = {"colspan", "rowspan"}
MAX_READINGS = 5
LINK = re.compile(r"(?:https?://|mailto:|[/#])[^<>\"\s]*", re.IGNORECASE)


def _kept_value(_tag: str, attribute: str, value: str) -> str | None:
    """The attribute's value, or None to drop it: a link leads to the web, to this site, or down the page."""
    if attribute == "href" and not LINK.fullmatch(value.strip()):
        return None
    return value


CLEANER = nh3.Cleaner(
    tags={
        *("p", "h3", "ul", "ol", "li", "blockquote", "br", "strong", "em", "a"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    },
    # "*" is named to be empty: the library would let lang and title through everywhere.
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}, "th": {"scope", *CELL_SPAN}, "td": CELL_SPAN},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    attribute_filter=_kept_value,
)


def has_text(html: str) -> bool:
    """Whether a reader would see a word: paragraphs of nothing but blanks are no text."""
    return bool(unescape(strip_tags(html)).strip())


def sanitise(html: str) -> str:
    """``html`` with nothing left but the allow-list; text inside unknown elements stays, scripts and styles go.

    "" when there is no text in it.
    """
    cleaned = _cleaned(html)
    # Wrongly nested elements are put in order when they are read, and may have to be read twice.
    for _again in range(MAX_READINGS):
        before, cleaned = cleaned, _cleaned(cleaned)
        if cleaned == before:
            break
    return cleaned if has_text(cleaned) else ""


def _cleaned(html: str) -> str:
    # A carriage return, also one written as a reference, would come back as a line feed the next time.
    return CLEANER.clean(html).replace("\r\n", "\n").replace("\r", "\n").strip()


class RichTextField(ProseEditorField):
    """A text column edited with ProseMirror and sanitised on *every* write.

    ``ProseEditorField`` sanitises in ``full_clean()`` only; here ``get_prep_value`` does it too, which ``save()``,
    ``bulk_create()`` and ``update()`` all pass through.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, extensions=EDITOR_EXTENSIONS, sanitize=sanitise, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return sanitise(prepared) if isinstance(prepared, str) else prepared
