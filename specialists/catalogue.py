"""The options of each facet in the order of the form, kept until the content changes."""

from collections.abc import Mapping

from conditions import content_version, names
from conditions.local import translations
from conditions.models import Condition
from conditions.models.vocabulary import Term, TermQuerySet
from specialists.enums import Accepting, Country, Insurance, Language, ProfileKind
from specialists.facets.index import Vocabulary
from specialists.queries import FACETS

CODES = {
    "country": Country,
    "kind": ProfileKind,
    "accepting": Accepting,
    "insurance": Insurance,
    "language": Language,
}
# The codes among which a reader looks for one by its name; the others have an order of their own.
BY_NAME = ("country", "language")
# The facets whose options can be too many for the form.
LONG = tuple(facet for facet, entry in FACETS.items() if entry.terms)


def public(terms: type[Term]) -> TermQuerySet:
    """The entries of a vocabulary that visitors may see."""
    return terms.objects.published() if terms is Condition else terms.objects.all()


@content_version.cached
def terms() -> dict[str, dict[str, tuple[int, str]]]:
    """Facet → slug → (id, name), by name, for the facets whose options are a vocabulary."""
    return {facet: _by_local_name(public(entry.terms)) for facet, entry in FACETS.items() if entry.terms}


def _by_local_name(found: TermQuerySet) -> dict[str, tuple[int, str]]:
    """Of thousands of terms, so without making an object of each."""
    kind, translated = found.model._meta.model_name, translations()
    named = []
    for slug, pk, name, sort_key in found.order_by().values_list("slug", "pk", "name", "sort_key"):
        words = translated.get((kind, pk))
        named.append((names.sort_key(words["name"]), slug, pk, words["name"]) if words else (sort_key, slug, pk, name))
    return {slug: (pk, name) for _sort_key, slug, pk, name in sorted(named)}


@content_version.cached
def vocabulary() -> Vocabulary:
    """The slugs that addresses may use, as the facet index calls them."""
    return Vocabulary(
        {facet: {slug: pk for slug, (pk, _name) in entries.items()} for facet, entries in terms().items()}
    )


def labels(facet: str) -> Mapping[str, str]:
    """Value → how it is called on the page, for every value the facet can have, in the order of the form."""
    if facet in CODES:
        named = [(value, str(label)) for value, label in CODES[facet].choices]
        return dict(sorted(named, key=lambda entry: names.sort_key(entry[1])) if facet in BY_NAME else named)
    return {slug: name for slug, (_pk, name) in terms()[facet].items()}
