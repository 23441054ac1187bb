"""Loads the sample content beside this file: vocabulary, articles, and plainly fictional specialists.

What is already there under the same slug is left as it is, so loading again changes nothing and never
overwrites what an editor did.
"""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.redirects.models import Redirect
from django.db import transaction

from conditions import pictures, workflow
from conditions.models import Article, Condition, Contributor, Picture, Section, Source, Specialty, Treatment
from conditions.rules import Review
from specialists.enums import ProfileStatus
from specialists.models import Affiliation, Clinic, Location, Physician, Profile, TreatmentOffer

FOLDER = Path(__file__).parent
CONTRIBUTORS = {
    "author": ("Dr. Juno Federkiel", "Medical writer (sample person)"),
    "reviewer": ("Prof. Dr. Tilda Brückenau", "Consultant in gastroenterology and oncology (sample person)"),
}
CLINIC_FIELDS = ("focus", "about", "languages", "insurance", "accepting", "verified_on", "phone", "website")
PHYSICIAN_FIELDS = ("title", "given_name", "family_name", *CLINIC_FIELDS)

Row = dict[str, Any]


@transaction.atomic
def load() -> dict[str, int]:
    """Load everything that is missing; model name → how many were added."""
    _moved_slugs.cache_clear()
    specialties = _rows("specialties.toml", "specialty")
    treatments = _rows("treatments.toml", "treatment")
    conditions = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("conditions/*.toml"))]
    clinics = _rows("clinics.toml", "clinic")
    physicians = _rows("physicians.toml", "physician")
    return {
        "specialties": _add_missing(Specialty.objects, specialties, _add_specialty),
        "treatments": _add_missing(Treatment.objects, treatments, _add_treatment),
        "conditions": _add_missing(Condition.objects, conditions, _add_condition, afterwards=_relate),
        "clinics": _add_missing(Profile.objects, clinics, _add_clinic),
        "physicians": _add_missing(Profile.objects, physicians, _add_physician),
    }


def _rows(name: str, key: str) -> list[Row]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))[key]


def _add_missing(
    manager: Any, rows: list[Row], add: Callable[[Row], None], afterwards: Callable[[Row], None] | None = None
) -> int:
    """Add the rows whose slug is not there yet; ``afterwards`` runs for each of them when all exist."""
    current = {row["slug"]: _current_slug(row["slug"]) for row in rows}
    known = set(manager.filter(slug__in=current.values()).values_list("slug", flat=True))
    missing = [row for row in rows if current[row["slug"]] not in known]
    for row in missing:
        add(row)
    if afterwards is not None:
        for row in missing:
            afterwards(row)
    return len(missing)


def _current_slug(slug: str) -> str:
    """The slug under which an editor may have put the entry since; the old address leads to the new one."""
    return _moved_slugs().get(slug, slug)


@cache
def _moved_slugs() -> dict[str, str]:
    """Old slug → new slug, by the redirects that keep old addresses working."""
    paths = Redirect.objects.values_list("old_path", "new_path")
    return {_last_part(old_path): _last_part(new_path) for old_path, new_path in paths}


def _last_part(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _picked(row: Row, fields: tuple[str, ...]) -> Row:
    return {name: row[name] for name in fields if name in row}


def _add_specialty(row: Row) -> None:
    Specialty.objects.create(**row)


def _add_treatment(row: Row) -> None:
    fields = ("slug", "name", "kind", "summary", "description", "synonyms")
    treatment = Treatment.objects.create(**_picked(row, fields))
    treatment.specialties.set(_by_slug(Specialty.objects, row["specialties"]))


def _add_condition(row: Row) -> None:
    fields = ("slug", "name", "summary", "synonyms", "icd10", "mesh", "body_area")
    condition = Condition.objects.create(is_published=True, is_sample=True, **_picked(row, fields))
    condition.specialties.set(_by_slug(Specialty.objects, row["specialties"]))
    condition.treatments.set(_by_slug(Treatment.objects, row["treatments"]))
    _add_article(condition, row["article"])


def _relate(row: Row) -> None:
    condition = Condition.objects.get(slug=row["slug"])
    condition.related.add(*_by_slug(Condition.objects, row["related"]))


def _by_slug(manager: Any, slugs: list[str]) -> list[Any]:
    """The rows with these slugs; a slug that is not there is a mistake in the sample and raises KeyError."""
    current = [_current_slug(slug) for slug in slugs]
    found = {row.slug: row for row in manager.filter(slug__in=current)}
    return [found[slug] for slug in current]


def _contributor(role: str) -> Contributor:
    name, qualification = CONTRIBUTORS[role]
    contributor, _created = Contributor.objects.get_or_create(
        name=name, defaults={"qualification": qualification, "is_sample": True}
    )
    return contributor


def _add_article(condition: Condition, row: Row) -> None:
    """Write and publish the article's first revision through the workflow, as an editor would."""
    article = Article.objects.create(condition=condition, language="en")
    revision = workflow.open_draft(article)
    values = {**_picked(row, ("title", "teaser", "key_points", "change_note")), "author": _contributor("author")}
    workflow.write_draft(revision, values, _sections(row), _sources(row))
    workflow.submit(revision)
    workflow.approve(revision, review=Review(_contributor("reviewer"), row["reviewed_on"]))
    workflow.publish(revision)


def _sections(row: Row) -> Iterator[Section]:
    for section in row["sections"]:
        yield Section(**_picked(section, ("heading", "aspect", "body")), picture=_picture(section))


def _sources(row: Row) -> Iterator[tuple[Source, int | None]]:
    for source in row["sources"]:
        position = source.get("section")
        yield Source(**_picked(source, ("citation", "url", "year"))), position - 1 if position else None


def _picture(section: Row) -> Picture | None:
    if "picture" not in section:
        return None
    picture = Picture(alt=section["picture_alt"], caption=section["picture_caption"], credit=section["picture_credit"])
    with (FOLDER / "pictures" / section["picture"]).open("rb") as upload:
        pictures.store(picture, pictures.render(upload))
    return picture


def _add_clinic(row: Row) -> None:
    clinic = Clinic.objects.create(
        slug=row["slug"],
        display_name=row["name"],
        clinic_kind=row["kind"],
        beds=row.get("beds"),
        status=ProfileStatus.PUBLISHED,
        is_sample=True,
        **_picked(row, CLINIC_FIELDS),
    )
    Location.objects.bulk_create(Location(clinic=clinic, **location) for location in row["locations"])
    _link(clinic, row)


def _add_physician(row: Row) -> None:
    physician = Physician.objects.create(
        slug=row["slug"], status=ProfileStatus.PUBLISHED, is_sample=True, **_picked(row, PHYSICIAN_FIELDS)
    )
    clinics = _by_slug(Clinic.objects, [affiliation["clinic"] for affiliation in row["affiliations"]])
    Affiliation.objects.bulk_create(
        Affiliation(physician=physician, **{**affiliation, "clinic": clinic})
        for affiliation, clinic in zip(row["affiliations"], clinics, strict=True)
    )
    _link(physician, row)


def _link(profile: Profile, row: Row) -> None:
    profile.specialties.set(_by_slug(Specialty.objects, row["specialties"]))
    profile.conditions.set(_by_slug(Condition.objects, row["conditions"]))
    offers = row.get("offers", [])
    treatments = _by_slug(Treatment.objects, [offer["treatment"] for offer in offers])
    TreatmentOffer.objects.bulk_create(
        TreatmentOffer(profile=profile, **{**offer, "treatment": treatment})
        for offer, treatment in zip(offers, treatments, strict=True)
    )
