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
from conditions.models import (
    Article,
    Condition,
    Contributor,
    GlossaryTerm,
    Picture,
    Section,
    Source,
    Specialty,
    Translation,
    Treatment,
    UrgentSigns,
)
from conditions.rules import Review
from directory.sample import details
from specialists.enums import ProfileStatus
from specialists.models import Affiliation, Clinic, Physician, Profile, TreatmentOffer

FOLDER = Path(__file__).parent
CONTRIBUTORS = {
    "author": ("Dr. Juno Federkiel", "Medical writer (sample person)"),
    "reviewer": ("Prof. Dr. Tilda Brückenau", "Consultant in gastroenterology and oncology (sample person)"),
}
CLINIC_FIELDS = ("focus", "about", "languages", "insurance", "accepting", "verified_on", "phone", "website")
PHYSICIAN_FIELDS = ("title", "given_name", "family_name", *CLINIC_FIELDS)

# File with the German words → kind of term.
TRANSLATED = {"specialties": "specialty", "treatments": "treatment", "conditions": "condition"}
TERMS = {"specialty": Specialty, "treatment": Treatment, "condition": Condition}
TRANSLATION_FIELDS = ("name", "synonyms", "practitioner", "summary", "description")
# Language → the folder of its files.
LANGUAGES = {"en": ".", "de": "de"}

Row = dict[str, Any]


@transaction.atomic
def load() -> dict[str, int]:
    """Load everything that is missing; model name → how many were added."""
    _moved_slugs.cache_clear()
    specialties = _rows("specialties.toml", "specialty")
    treatments = _rows("treatments.toml", "treatment")
    conditions = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("conditions/*.toml"))]
    german = {kind: _rows(f"de/{name}.toml", kind) for name, kind in TRANSLATED.items()}
    clinics = _rows("clinics.toml", "clinic")
    physicians = _rows("physicians.toml", "physician")
    return {
        "specialties": _add_missing(Specialty.objects, specialties, _add_specialty),
        "treatments": _add_missing(Treatment.objects, treatments, _add_treatment),
        "conditions": _add_missing(Condition.objects, conditions, _add_condition, afterwards=_relate),
        "translations": _translate(german),
        "translated articles": _add_translated_article("de", "liver-metastases"),
        "urgent signs": sum(_add_urgent_signs(language) for language in LANGUAGES),
        "words explained": sum(_add_glossary(language) for language in LANGUAGES),
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


def _translate(rows: dict[str, list[Row]]) -> int:
    """Add the German words of each term that has none; how many."""
    added = 0
    for kind, entries in rows.items():
        terms = {term.slug: term for term in TERMS[kind].objects.all()}
        done = set(Translation.objects.filter(language="de").values_list(f"{kind}__slug", flat=True))
        for row in entries:
            slug = _current_slug(row["slug"])
            if slug in terms and slug not in done:
                Translation.objects.create(language="de", **{kind: terms[slug]}, **_picked(row, TRANSLATION_FIELDS))
                added += 1
    return added


def _add_translated_article(language: str, slug: str) -> int:
    """Write and publish the article about ``slug`` in ``language``, if there is none; how many."""
    condition = Condition.objects.get(slug=_current_slug(slug))
    if Article.objects.filter(condition=condition, language=language).exists():
        return 0
    row = tomllib.loads((FOLDER / language / f"{slug}.toml").read_text(encoding="utf-8"))
    _add_article(condition, row["article"], language)
    return 1


def _relate(row: Row) -> None:
    condition = Condition.objects.get(slug=row["slug"])
    condition.related.add(*_by_slug(Condition.objects, row["related"]))


def _by_slug(manager: Any, slugs: list[str]) -> list[Any]:
    """The rows with these slugs; a slug that is not there is a mistake in the sample and raises KeyError."""
    current = [_current_slug(slug) for slug in slugs]
    found = {row.slug: row for row in manager.filter(slug__in=current)}
    return [found[slug] for slug in current]


def _add_urgent_signs(language: str) -> int:
    """Add the signs to seek help at once of each condition that has none in ``language``; how many."""
    conditions = {condition.slug: condition for condition in Condition.objects.all()}
    done = set(UrgentSigns.objects.filter(language=language).values_list("condition__slug", flat=True))
    rows = _rows(f"{LANGUAGES[language]}/urgent.toml", "urgent")
    signs = {_current_slug(row["condition"]): row["signs"] for row in rows}
    missing = [slug for slug in signs if slug not in done]
    for slug in missing:
        UrgentSigns.objects.create(condition=conditions[slug], language=language, signs=signs[slug])
    return len(missing)


def _add_glossary(language: str) -> int:
    """Add the words that ``language`` does not explain yet; how many."""
    entries = GlossaryTerm.objects.filter(language=language)
    slugs, terms = set(entries.values_list("slug", flat=True)), {entry.term.lower() for entry in entries}
    rows = _rows(f"{LANGUAGES[language]}/glossary.toml", "term")
    missing = [row for row in rows if row["slug"] not in slugs and row["term"].lower() not in terms]
    GlossaryTerm.objects.bulk_create(GlossaryTerm(language=language, **row) for row in missing)
    return len(missing)


def _contributor(role: str) -> Contributor:
    name, qualification = CONTRIBUTORS[role]
    contributor, _created = Contributor.objects.get_or_create(
        name=name, defaults={"qualification": qualification, "is_sample": True}
    )
    return contributor


def _add_article(condition: Condition, row: Row, language: str = "en") -> None:
    """Write and publish the article's first revision through the workflow, as an editor would."""
    article = Article.objects.create(condition=condition, language=language)
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
    departments = row.get("departments", [])
    details.add_to_clinic(clinic, row, _by_slug(Specialty.objects, [part["specialty"] for part in departments]))
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
    details.add_to_physician(physician, row, clinics[0])
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
