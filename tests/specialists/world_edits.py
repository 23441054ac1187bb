"""Random edits of what is in the database, as editors, imports and scripts make them; and what the triggers noted."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from hypothesis import strategies as st

from conditions import names
from conditions.models import Condition, Specialty, Treatment
from specialists.models import Affiliation, Clinic, Location, Physician, Profile, ProfileChange, TreatmentOffer
from tests.specialists.oracle import CLINIC_NAMES, COUNTRIES, FAMILY_NAMES, GIVEN_NAMES, LANGUAGES, POINTS

NOTED = """
    SELECT DISTINCT profile FROM specialists_profilechange
    WHERE transaction = pg_current_xact_id()::text::bigint AND id > %s
"""
STATUSES = ("published", "published", "draft", "hidden")


@dataclass(frozen=True)
class Edit:
    """A kind of edit, and three random numbers that choose what it changes and to what."""

    kind: str
    one: int
    two: int
    three: int

    def apply(self) -> None:
        KINDS[self.kind](self)

    def row(self, model: Any) -> Any:
        """One of the model's rows; None if it has none."""
        rows = list(model.objects.order_by("pk"))
        return rows[self.one % len(rows)] if rows else None

    def among(self, values: Any, number: int = 2) -> Any:
        """One of ``values``, by the second or third random number."""
        return values[(self.two if number == 2 else self.three) % len(values)]


def set_status(edit: Edit) -> None:
    Profile.objects.filter(pk=edit.row(Profile).pk).update(status=edit.among(STATUSES))


def rename_physician(edit: Edit) -> None:
    physician = edit.row(Physician)
    if physician:
        physician.family_name = edit.among((*FAMILY_NAMES, "Aab", "Zz"))
        physician.given_name = edit.among(GIVEN_NAMES, 3)
        physician.save()


def change_title(edit: Edit) -> None:
    """Changes what is searched, not the place in the order."""
    physician = edit.row(Physician)
    if physician:
        physician.title = edit.among(("", "Dr.", "Prof.", "Muller"))
        physician.save()


def rename_clinic(edit: Edit) -> None:
    clinic = edit.row(Clinic)
    if clinic:
        clinic.display_name = edit.among((*CLINIC_NAMES, "Aab", "Müller Ada"))
        clinic.save()


def search_words_only(edit: Edit) -> None:
    Profile.objects.filter(pk=edit.row(Profile).pk).update(search_key=names.search_key(edit.among(FAMILY_NAMES)))


def create_physician(edit: Edit) -> None:
    Physician.objects.create(
        family_name=edit.among((*FAMILY_NAMES, "Aab")), given_name="Ada", status=edit.among(STATUSES, 3)
    )


def create_clinic(edit: Edit) -> None:
    clinic = Clinic.objects.create(display_name=edit.among(CLINIC_NAMES), status=edit.among(STATUSES, 3))
    add_place(edit, clinic)


def delete_profile(edit: Edit) -> None:
    edit.row(Profile).delete()


def change_codes(edit: Edit) -> None:
    profile = edit.row(Profile)
    profile.languages, profile.insurance = list(LANGUAGES[: edit.two % 4]), [["private"], []][edit.three % 2]
    profile.accepting = edit.among(("yes", "no", "unknown"))
    profile.save()


def verify(edit: Edit) -> None:
    day = edit.among((None, datetime.date(2026, 10, 1), datetime.date(2026, 10, 2), datetime.date(1960, 1, 1)))
    Profile.objects.filter(pk=edit.row(Profile).pk).update(verified_on=day)


def change_conditions(edit: Edit) -> None:
    edit.row(Profile).conditions.set(Condition.objects.order_by("pk")[edit.two % 3 : edit.three % 4])


def change_specialties(edit: Edit) -> None:
    edit.row(Profile).specialties.set(Specialty.objects.order_by("pk")[edit.two % 2 : edit.three % 3])


def change_offers(edit: Edit) -> None:
    offer = {"profile_id": edit.row(Profile).pk, "treatment": edit.among(Treatment.objects.order_by("pk"))}
    if not TreatmentOffer.objects.filter(**offer).delete()[0]:
        TreatmentOffer.objects.create(**offer)


def add_place(edit: Edit, clinic: Clinic | None = None) -> None:
    clinic = clinic or edit.row(Clinic)
    if clinic:
        latitude, longitude = edit.among((*POINTS, (None, None), (47.0, 10.0)), 3)
        Location.objects.create(
            clinic=clinic, city="Town", country=edit.among(COUNTRIES), latitude=latitude, longitude=longitude
        )


def move_place(edit: Edit) -> None:
    location = edit.row(Location)
    if location:
        location.latitude, location.longitude = edit.among((*POINTS, (None, None), (47.0, 10.0)))
        location.country = edit.among(COUNTRIES, 3)
        location.save()


def hand_place_over(edit: Edit) -> None:
    """To another clinic."""
    location = edit.row(Location)
    if location:
        Location.objects.filter(pk=location.pk).update(clinic=edit.among(Clinic.objects.order_by("pk")))


def delete_place(edit: Edit) -> None:
    location = edit.row(Location)
    if location:
        location.delete()


def begin_or_end_post(edit: Edit) -> None:
    physician, clinics = edit.row(Physician), Clinic.objects.order_by("pk")
    if physician and clinics:
        post = {"physician": physician, "clinic": edit.among(clinics), "role": "Post 0"}
        found = Affiliation.objects.filter(**post)
        if not found.update(until=edit.among((None, 2020), 3)):
            Affiliation.objects.create(**post)


def publish_condition(edit: Edit) -> None:
    Condition.objects.filter(pk=edit.row(Condition).pk).update(is_published=edit.among((True, False)))


def rename_slug(edit: Edit) -> None:
    """A new slug, or the old one again."""
    term = edit.row(edit.among((Condition, Specialty, Treatment)))
    term.slug = term.name if term.slug != term.name else f"{term.name}-new"
    term.save()


def replace_condition(edit: Edit) -> None:
    condition = edit.row(Condition)
    condition.delete()
    Condition.objects.create(name=f"after-{condition.name}", is_published=True)


KINDS: dict[str, Callable[[Edit], None]] = {
    kind.__name__: kind
    for kind in (
        set_status,
        rename_physician,
        change_title,
        rename_clinic,
        search_words_only,
        create_physician,
        create_clinic,
        delete_profile,
        change_codes,
        verify,
        change_conditions,
        change_specialties,
        change_offers,
        add_place,
        move_place,
        hand_place_over,
        delete_place,
        begin_or_end_post,
        publish_condition,
        rename_slug,
        replace_condition,
    )
}
NUMBERS = st.integers(0, 11)
EDITS = st.builds(Edit, st.sampled_from(sorted(KINDS)), NUMBERS, NUMBERS, NUMBERS)


def mark() -> int:
    """Notes with a higher number are later than now."""
    last = ProfileChange.objects.order_by("-pk").first()
    return last.pk if last else 0


def noted(since: int) -> list[int | None]:
    """The profiles that the triggers noted in this transaction after ``since``; None stands for very many."""
    with connection.cursor() as cursor:
        cursor.execute(NOTED, [since])
        return [profile for (profile,) in cursor.fetchall()]
