"""What the pages of sample physicians and clinics show beyond lists: careers, departments, hours, certificates."""

from collections.abc import Sequence
from typing import Any

from conditions.models import Specialty
from specialists.models import (
    CareerStep,
    Certificate,
    Clinic,
    Department,
    Location,
    OpeningHours,
    Physician,
    Profile,
)

Row = dict[str, Any]


def add_to_clinic(clinic: Clinic, row: Row, specialties: Sequence[Specialty]) -> None:
    """The clinic's places with their hours, and its departments; ``specialties`` are those of the departments."""
    for location in row["locations"]:
        _add_location(clinic, location)
    Department.objects.bulk_create(
        Department(clinic=clinic, **{**department, "specialty": specialty})
        for department, specialty in zip(row.get("departments", []), specialties, strict=True)
    )
    _add_certificates(clinic, row)


def add_to_physician(physician: Physician, row: Row, clinic: Clinic) -> None:
    """The physician's career, and their post as head of a department of ``clinic`` unless that has a head already."""
    CareerStep.objects.bulk_create(CareerStep(physician=physician, **step) for step in row["career"])
    if "head_of" in row:
        Department.objects.filter(clinic=clinic, name=row["head_of"], head=None).update(head=physician)
    _add_certificates(physician, row)


def _add_location(clinic: Clinic, row: Row) -> None:
    location = Location.objects.create(clinic=clinic, **{name: row[name] for name in row if name != "hours"})
    OpeningHours.objects.bulk_create(
        OpeningHours(location=location, weekday=day, opens=hours["opens"], closes=hours["closes"])
        for hours in row["hours"]
        for day in hours["days"]
    )


def _add_certificates(profile: Profile, row: Row) -> None:
    Certificate.objects.bulk_create(
        Certificate(profile=profile, **certificate) for certificate in row.get("certificates", [])
    )
