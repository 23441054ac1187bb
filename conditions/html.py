"""The one allow-list for editors' rich text, and the field that applies it to whatever is written."""

import re
from html import unescape
from itertools import chain, repeat
from typing import Any

import nh3
from django.utils.html import strip_tags
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField

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


TAGS = {
    *("p", "h3", "ul", "ol", "li", "blockquote", "br", "strong", "em", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
# "*" is named to be empty: the library would let lang and title through everywhere. scope is written by ours.
ATTRIBUTES = {"*": set(), "a": {"href"}, "ol": {"start"}, "th": CELL_SPAN, "td": CELL_SPAN}


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    schemes = {"http", "https", "mailto"}
    return nh3.Cleaner(
        tags=tags, attributes=ATTRIBUTES, url_schemes=schemes, link_rel=None, attribute_filter=_kept_value
    )


CLEANER = _cleaner(TAGS)
# For a whole pasted article: its headings are kept until it is parted into sections.
WHOLE_TEXT_CLEANER = _cleaner(TAGS | {"h1", "h2", "h4", "h5", "h6"})
WHOLE_TEXT_EXTENSIONS = EDITOR_EXTENSIONS | {"Heading": {"levels": [1, 2, 3, 4, 5, 6]}}
# A table without one inside: the rows of one that only holds others are layout, and head nothing.
TABLE = re.compile(r"<table>(?:(?!<table>).)*?</table>", re.DOTALL)
ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
HEADER_CELL = re.compile(r"<th(?=[ >])")


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
    return TABLE.sub(lambda table: with_headers(table[0]), cleaned) if has_text(cleaned) else ""


def _cleaned(html: str) -> str:
    # A carriage return, also one written as a reference, would come back as a line feed the next time.
    return CLEANER.clean(html).replace("\r\n", "\n").replace("\r", "\n").strip()


def with_headers(table: str) -> str:
    """A cleaned table whose header cells say what they head: the first row its columns, others their row.

    A table without any header cell gets its first row as header: a screen reader has nothing else to go by.
    """
    if "<th" not in table:
        table = ROW.sub(lambda row: row[0].replace("<td", "<th").replace("</td>", "</th>"), table, count=1)
    scopes = chain(["col"], repeat("row"))
    return ROW.sub(lambda row: _scoped(row[0], next(scopes)), table)


def _scoped(row: str, scope: str) -> str:
    return HEADER_CELL.sub(f'<th scope="{scope}"', row)


class WholeTextEditorField(ProseEditorFormField):
    """The form field for an article pasted in one piece: headings of all levels, the same allow-list otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(extensions=WHOLE_TEXT_EXTENSIONS, sanitize=WHOLE_TEXT_CLEANER.clean, **kwargs)


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
