"""Finds the words of the glossary in a text and links the first of each to its explanation.

The text is rich text that ``conditions.html.sanitise`` has cleaned. It is read as a tree, not as a string: tags are
passed on as they stand, and what stands between them is escaped anew, so nothing here can open a tag or close one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from itertools import groupby

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from conditions import content_version, names
from conditions.models import GlossaryTerm

WORD = re.compile(r"\w+")
# Links have their own meaning, and headings are read in lists.
UNTOUCHED = frozenset(("a", "h1", "h2", "h3", "h4", "h5", "h6"))
LINK = '<a class="explained" href="#glossary-{0}" id="word-{0}">{1}</a>'


@dataclass(frozen=True)
class Form:
    """One way to write a word, as it is looked for where its first word stands."""

    text: str
    entry: GlossaryTerm

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Blanks match any, capitals matter only to abbreviations: a PET scan is no pet."""
        words = r"\s+".join(map(re.escape, self.text.split()))
        return re.compile(rf"{words}(?!\w)", 0 if self.text.isupper() else re.IGNORECASE)

    @property
    def first_word(self) -> str:
        """Its first word without regard to capitals; "" when it does not begin with one."""
        found = WORD.match(self.text)
        return found[0].casefold() if found else ""


class Glossary:
    """The words of one language, by the first word of each form, long forms before short ones."""

    def __init__(self, entries: Iterable[GlossaryTerm]) -> None:
        self.entries = sorted(entries, key=lambda entry: (entry.sort_key, entry.slug))
        self.forms: dict[str, list[Form]] = defaultdict(list)
        found = (Form(text, entry) for entry in self.entries for text in entry.all_forms())
        for form in sorted(found, key=lambda form: -len(form.text)):
            self.forms[form.first_word].append(form)

    def by_initial(self) -> list[tuple[str, list[GlossaryTerm]]]:
        """(Initial letter, entries) pairs from A to Z; what begins with no letter comes under "#"."""
        groups = groupby(self.entries, key=lambda entry: names.initial(entry.sort_key))
        return [(initial, list(group)) for initial, group in groups]

    def find(self, text: str) -> Iterator[tuple[int, int, GlossaryTerm]]:
        """(start, end, entry) for each explained word in plain text, the longest where several begin."""
        end = 0
        for word in WORD.finditer(text):
            if word.start() < end:
                continue
            for form in self.forms.get(word[0].casefold(), ()):
                if found := form.pattern.match(text, word.start()):
                    end = found.end()
                    yield found.start(), end, form.entry
                    break


@content_version.cached
def glossary() -> Glossary:
    """The glossary in the language of the request."""
    return Glossary(GlossaryTerm.objects.filter(language=get_language()))


@dataclass
class Explainer:
    """Goes through the texts of one article in their order and remembers which words it has linked."""

    glossary: Glossary
    explained: dict[str, GlossaryTerm] = field(default_factory=dict)
    # How many words it has gone through, explained or not.
    length: int = 0

    def mark(self, html: SafeString) -> SafeString:
        """``html`` with the first occurrence of each word linked to ``#glossary-<slug>``; its words stay the same."""
        marker = Marker(self)
        marker.feed(html)
        marker.close()
        return mark_safe("".join(marker.parts))  # noqa: S308 - cleaned tags, and text escaped below

    def linked(self, text: str) -> Iterator[str]:
        """Plain text as HTML, in parts."""
        written = 0
        for start, end, entry in self.glossary.find(text):
            if entry.slug not in self.explained:
                self.explained[entry.slug] = entry
                yield escape(text[written:start])
                yield format_html(LINK, entry.slug, text[start:end])
                written = end
        yield escape(text[written:])

    @property
    def words(self) -> list[GlossaryTerm]:
        """What has been linked, from A to Z."""
        return [entry for entry in self.glossary.entries if entry.slug in self.explained]


class Marker(HTMLParser):
    """Writes a cleaned text again, with links where its explainer wants them."""

    def __init__(self, explainer: Explainer) -> None:
        super().__init__()
        self.explainer = explainer
        self.parts: list[str] = []
        self.untouched = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.parts.append(self.get_starttag_text() or "")
        self.untouched += tag in UNTOUCHED

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")
        self.untouched -= tag in UNTOUCHED

    def handle_data(self, data: str) -> None:
        self.explainer.length += len(data.split())
        self.parts += [escape(data)] if self.untouched else self.explainer.linked(data)
