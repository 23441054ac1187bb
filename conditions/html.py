"""The one allow-list for editors' rich text, and the field that applies it to whatever is written."""

import re
from typing import Any

import nh3
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
TAGS = {
    *("p", "h3", "ul", "ol", "li", "blockquote", "br", "strong", "em", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
URL_SCHEMES = {"http", "https", "mailto"}
CLEANER = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, url_schemes=URL_SCHEMES, link_rel=None)
# For a whole pasted article: its headings are kept until it is parted into sections.
WHOLE_TEXT_EXTENSIONS = EDITOR_EXTENSIONS | {"Heading": {"levels": [1, 2, 3, 4, 5, 6]}}
WHOLE_TEXT_CLEANER = nh3.Cleaner(
    tags=TAGS | {"h1", "h2", "h4", "h5", "h6"}, attributes=ATTRIBUTES, url_schemes=URL_SCHEMES, link_rel=None
)
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
FIRST_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
EMPTY = {"", "<p></p>", "<p><br></p>", "<h3></h3>"}


def sanitise(html: str) -> str:
    """``html`` with nothing left but the allow-list; text inside unknown elements stays, scripts and styles go."""
    cleaned = TABLE.sub(lambda table: with_headers(table[0]), CLEANER.clean(html).strip())
    return "" if cleaned in EMPTY else cleaned


def with_headers(table: str) -> str:
    """A cleaned table whose header cells say what they head: the first row its columns, others their row.

    A table without any header cell gets its first row as header: a screen reader has nothing else to go by.
    """
    if "<th" not in table:
        table = FIRST_ROW.sub(lambda row: _renamed_cells(row[0]), table, count=1)
    rows = iter(range(table.count("<tr>")))
    return ROW.sub(lambda row: _scoped(row[0], "row" if next(rows) else "col"), table)


def _renamed_cells(row: str) -> str:
    return row.replace("<td", "<th").replace("</td>", "</th>")


def _scoped(row: str, scope: str) -> str:
    return row.replace("<th", f'<th scope="{scope}"')


class WholeTextEditorField(ProseEditorFormField):
    """The form field for an article pasted in one piece: headings of all levels, the same allow-list otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(extensions=WHOLE_TEXT_EXTENSIONS, sanitize=WHOLE_TEXT_CLEANER.clean, **kwargs)
        self.widget.attrs["data-keeps-heading-levels"] = ""


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
