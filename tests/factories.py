"""Small builders for tests: each makes one valid thing; what a test is about it passes by name."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, User

from conditions import workflow
from conditions.models import Article, Condition, Contributor, Revision, Section, Source, Specialty, Treatment
from conditions.rules import Review
from specialists.enums import ProfileStatus
from specialists.models import Affiliation, Clinic, Location, Physician, Profile, TreatmentOffer

REVIEWED_ON = datetime.date(2026, 6, 1)
REVIEW_DUE = datetime.date(2028, 6, 1)


def make_specialty(name: str = "Visceral surgery", **values: Any) -> Specialty:
    return Specialty.objects.create(name=name, practitioner=values.pop("practitioner", name), **values)


def make_treatment(name: str = "Liver resection", **values: Any) -> Treatment:
    return Treatment.objects.create(name=name, kind=values.pop("kind", "surgery"), **values)


def make_condition(name: str = "Liver metastases", **values: Any) -> Condition:
    """A public condition without an article."""
    return Condition.objects.create(name=name, is_published=values.pop("is_published", True), **values)


def make_contributor(name: str = "Dr. Ada Writer", **values: Any) -> Contributor:
    contributor, _created = Contributor.objects.get_or_create(name=name, defaults=values)
    return contributor


def make_user(username: str = "writer", *roles: str, **values: Any) -> User:
    """An account of the admin with these roles; its password is its name."""
    user = User.objects.create_user(username, password=username, is_staff=True, **values)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def make_draft(condition: Condition | None = None, language: str = "en", **values: Any) -> Revision:
    """A draft that lacks nothing for review: one section, one source."""
    condition = condition or make_condition()
    article, _created = Article.objects.get_or_create(condition=condition, language=language)
    revision = workflow.open_draft(article)
    content = {
        "title": f"About {condition.name}",
        "teaser": "What it is and who treats it.",
        "author": make_contributor(),
        **values,
    }
    workflow.write_draft(
        revision,
        content,
        [Section(heading="What is it?", body="<p>A text.</p>")],
        [(Source(citation="A guideline", url="https://example.org/guideline", year=2025), 0)],
    )
    return revision


def make_in_review(condition: Condition | None = None, **values: Any) -> Revision:
    return workflow.submit(make_draft(condition, **values))


def make_approved(condition: Condition | None = None, **values: Any) -> Revision:
    """Reviewed by somebody else; ``reviewer``, ``reviewed_on`` and ``review_due`` may be given."""
    review = Review(
        values.pop("reviewer", None) or make_contributor("Prof. Dr. Bo Reviewer"),
        values.pop("reviewed_on", REVIEWED_ON),
        values.pop("review_due", REVIEW_DUE),
    )
    return workflow.approve(make_in_review(condition, **values), review=review)


def make_published(condition: Condition | None = None, **values: Any) -> Revision:
    return workflow.publish(make_approved(condition, **values))


def take_live(draft: Revision, **review: Any) -> Revision:
    """Submit, approve and publish a draft."""
    reviewer = review.pop("reviewer", None) or make_contributor("Prof. Dr. Bo Reviewer")
    dates = {"reviewed_on": REVIEWED_ON, "review_due": REVIEW_DUE, **review}
    return workflow.publish(workflow.approve(workflow.submit(draft), review=Review(reviewer, **dates)))


def _linked(profile: Any, specialties: Iterable[Specialty], conditions: Iterable[Condition]) -> None:
    profile.specialties.set(specialties)
    profile.conditions.set(conditions)


def make_clinic(
    name: str = "Clinic Am Park",
    *,
    city: str | None = "Heidelberg",
    country: str = "DE",
    specialties: Iterable[Specialty] = (),
    conditions: Iterable[Condition] = (),
    treatments: Iterable[Treatment] = (),
    **values: Any,
) -> Clinic:
    """A published clinic with one location; none when ``city`` is None."""
    clinic = Clinic.objects.create(display_name=name, status=values.pop("status", ProfileStatus.PUBLISHED), **values)
    if city is not None:
        Location.objects.create(clinic=clinic, city=city, country=country)
    _linked(clinic, specialties, conditions)
    for treatment in treatments:
        make_offer(clinic, treatment)
    return clinic


def make_physician(
    family_name: str = "Sternwald",
    *,
    clinics: Iterable[Clinic] = (),
    specialties: Iterable[Specialty] = (),
    conditions: Iterable[Condition] = (),
    treatments: Iterable[Treatment] = (),
    **values: Any,
) -> Physician:
    """A published physician, affiliated with ``clinics``."""
    physician = Physician.objects.create(
        family_name=family_name,
        given_name=values.pop("given_name", "Aurelia"),
        status=values.pop("status", ProfileStatus.PUBLISHED),
        **values,
    )
    for clinic in clinics:
        Affiliation.objects.create(physician=physician, clinic=clinic, role="Consultant")
    _linked(physician, specialties, conditions)
    for treatment in treatments:
        make_offer(physician, treatment)
    return physician


def make_offer(profile: Profile, treatment: Treatment, **values: Any) -> TreatmentOffer:
    return TreatmentOffer.objects.create(profile=profile, treatment=treatment, **values)
