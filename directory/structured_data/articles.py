"""A published article: who wrote and who reviewed it and when, its sections and its sources."""

from typing import Any

from django.utils import timezone

from conditions.enums import HealthAspect
from conditions.models import Contributor, Picture, Revision, Section, Source
from directory.structured_data.graph import Node, absolute, member, node

# schema.org has no word for diagnosis: its ScreeningHealthAspect is about finding a disease in people without signs.
ASPECTS = {
    HealthAspect.OVERVIEW: "OverviewHealthAspect",
    HealthAspect.CAUSES: "CausesHealthAspect",
    HealthAspect.SYMPTOMS: "SymptomsHealthAspect",
    HealthAspect.TREATMENT: "TreatmentsHealthAspect",
    HealthAspect.PROGNOSIS: "PrognosisHealthAspect",
    HealthAspect.LIVING: "LivingWithHealthAspect",
    HealthAspect.PREVENTION: "PreventionHealthAspect",
    HealthAspect.SPECIALISTS: "HowOrWhereHealthAspect",
}


def article(revision: Revision, url: str) -> dict[str, Any]:
    """The properties that a published text gives to its page at ``url``."""
    return {
        "headline": revision.title,
        "abstract": revision.teaser,
        "author": person(revision.author),
        "reviewedBy": person(revision.reviewer),
        "lastReviewed": revision.reviewed_on.isoformat() if revision.reviewed_on else None,
        "dateModified": timezone.localdate(revision.edited_at).isoformat(),
        "hasPart": [section(part, url) for part in revision.sections.all()],
        "citation": [source(entry) for entry in revision.sources.all()],
    }


def person(contributor: Contributor | None) -> Node | None:
    if contributor is None:
        return None
    return node("Person", name=contributor.name, description=contributor.qualification)


def section(part: Section, url: str) -> Node:
    aspect = ASPECTS.get(HealthAspect(part.aspect))
    return node(
        "HealthTopicContent",
        name=part.heading,
        url=f"{url}#{part.anchor}",
        hasHealthAspect=member(aspect) if aspect else None,
        image=picture(part.picture) if part.picture else None,
    )


def picture(shown: Picture) -> Node:
    return node(
        "ImageObject",
        contentUrl=absolute(shown.src),
        description=shown.alt,
        caption=shown.caption,
        creditText=shown.credit,
    )


def source(entry: Source) -> Node:
    return node("CreativeWork", name=entry.citation, url=entry.url, datePublished=str(entry.year or ""))
