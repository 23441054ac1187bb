"""The options of each facet in the order of the form, kept until the content changes."""

from collections.abc import Mapping

from conditions import content_version
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
# The facets whose options can be too many for the form.
LONG = tuple(facet for facet, entry in FACETS.items() if entry.terms)


def public(terms: type[Term]) -> TermQuerySet:
    """The entries of a vocabulary that visitors may see."""
    return terms.objects.published() if terms is Condition else terms.objects.all()


@content_version.cached
def terms() -> dict[str, dict[str, tuple[int, str]]]:
    """Facet → slug → (id, name), by name, for the facets whose options are a vocabulary."""
    return {
        facet: {slug: (pk, name) for slug, pk, name in public(entry.terms).values_list("slug", "pk", "name")}
        for facet, entry in FACETS.items()
        if entry.terms
    }


@content_version.cached
def vocabulary() -> Vocabulary:
    """The slugs that addresses may use, as the facet index calls them."""
    return Vocabulary(
        {facet: {slug: pk for slug, (pk, _name) in entries.items()} for facet, entries in terms().items()}
    )


def labels(facet: str) -> Mapping[str, str]:
    """Value → how it is called on the page, for every value the facet can have, in the order of the form."""
    if facet in CODES:
        return {value: str(label) for value, label in CODES[facet].choices}
    return {slug: name for slug, (_pk, name) in terms()[facet].items()}
