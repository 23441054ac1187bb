"""The one allow-list for editors' rich text, and the field that applies it to whatever is written."""

from typing import Any

import nh3
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
CLEANER = nh3.Cleaner(
    tags={
        *("p", "h3", "ul", "ol", "li", "blockquote", "br", "strong", "em", "a"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    },
    attributes={"a": {"href"}, "ol": {"start"}, "th": {"scope", *CELL_SPAN}, "td": CELL_SPAN},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
EMPTY = {"", "<p></p>", "<p><br></p>", "<h3></h3>"}


def sanitise(html: str) -> str:
    """``html`` with nothing left but the allow-list; text inside unknown elements stays, scripts and styles go."""
    cleaned = CLEANER.clean(html).strip()
    return "" if cleaned in EMPTY else cleaned


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
