"""Read access for the public pages of conditions, treatments and specialties."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import get_language

from conditions import names
from conditions.enums import TreatmentKind
from conditions.models import Condition, Revision, Section, Source, Treatment, UrgentSigns
from conditions.models.vocabulary import ConditionQuerySet, Term, Visitor


def condition_page(slug: str, visitor: Visitor) -> Condition:
    """The condition with all its page shows; raises Condition.DoesNotExist when ``visitor`` may not see it."""
    return with_page_relations(Condition.objects.visible_to(visitor)).get(slug=slug)


def with_page_relations(conditions: ConditionQuerySet) -> ConditionQuerySet:
    """With the vocabulary that stands beside the article, and the signs that stand above it."""
    related = Prefetch("related", Condition.objects.published(), to_attr="public_relations")
    urgent = Prefetch("urgent_signs", UrgentSigns.objects.filter(language=get_language()), to_attr="urgent")
    return conditions.prefetch_related("specialties", "treatments", related, urgent)


def live_revision(condition: Condition) -> Revision | None:
    """The published text in the reader's language with sections and sources, or None."""
    return (
        Revision.objects.filter(live_of__condition=condition, live_of__language=get_language())
        .select_related("author", "reviewer", "translated_from__article__live")
        .prefetch_related(
            Prefetch("sections", Section.objects.select_related("picture")),
            Prefetch("sources", Source.objects.select_related("section")),
        )
        .first()
    )


def live_elsewhere(condition: Condition) -> list[str]:
    """The other languages in which the condition has a published text."""
    articles = condition.articles.filter(live__isnull=False).exclude(language=get_language())
    return sorted(articles.values_list("language", flat=True))


def by_initial(terms: Iterable[Term]) -> list[tuple[str, list[Any]]]:
    """Terms → (initial letter, terms) pairs, by their names in the reader's language; no letter comes under "#"."""
    groups = groupby(by_local_name(terms), key=lambda term: names.initial(term.local.sort_key))
    return [(initial, list(group)) for initial, group in groups]


def by_local_name(terms: Iterable[Term]) -> list[Any]:
    """Terms in the order of their names in the reader's language."""
    return sorted(terms, key=lambda term: (term.local.sort_key, term.pk))


def treatments_by_kind() -> list[tuple[str, list[Treatment]]]:
    """All treatments as (kind's label, treatments) pairs in the order of the kinds."""
    treatments = by_local_name(Treatment.objects.all())
    return [
        (str(kind.label), found)
        for kind in TreatmentKind
        if (found := [treatment for treatment in treatments if treatment.kind == kind])
    ]
