"""Made-up specialties, treatments and conditions: readable, numerous, and no medical knowledge.

They hang together by organ: the organ at position o has three specialties, twenty treatments and 75 conditions, which
stand side by side in the lists. How often each is drawn depends on its position alone, so profiles and the selections
that look for them share one skew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TypeVar

import numpy as np
from django.db.models import Model

from bench.scale.draw import Floats, Ints, pick, zipf
from conditions import names
from conditions.enums import BodyArea, TreatmentKind
from conditions.models import Condition, Specialty, Treatment

Entry = TypeVar("Entry")

# (organ, its adjective, German word, body area)
ORGANS = (
    ("liver", "hepatic", "Leber", BodyArea.LIVER),
    ("breast", "mammary", "Brust", BodyArea.BREAST),
    ("lung", "pulmonary", "Lungen", BodyArea.LUNG),
    ("bowel", "intestinal", "Darm", BodyArea.BOWEL),
    ("skin", "cutaneous", "Haut", BodyArea.SKIN),
    ("kidney", "renal", "Nieren", BodyArea.KIDNEY),
    ("prostate", "prostatic", "Prostata", BodyArea.PROSTATE),
    ("stomach", "gastric", "Magen", BodyArea.STOMACH),
    ("spine", "spinal", "Wirbelsäulen", BodyArea.BONE),
    ("brain", "cerebral", "Hirn", BodyArea.BRAIN),
    ("pancreas", "pancreatic", "Pankreas", BodyArea.PANCREAS),
    ("ovary", "ovarian", "Eierstock", BodyArea.OVARY),
    ("bile duct", "biliary", "Gallengang", BodyArea.BILE_DUCTS),
    ("thyroid", "thyroidal", "Schilddrüsen", BodyArea.HORMONE_SYSTEM),
    ("gullet", "oesophageal", "Speiseröhren", BodyArea.OESOPHAGUS),
    ("peritoneum", "peritoneal", "Bauchfell", BodyArea.ABDOMEN),
    ("bladder", "vesical", "Blasen", BodyArea.OTHER),
    ("hip", "coxal", "Hüft", BodyArea.BONE),
    ("adrenal gland", "adrenal", "Nebennieren", BodyArea.HORMONE_SYSTEM),
    ("spleen", "splenic", "Milz", BodyArea.ABDOMEN),
)
# (field, what its physician is called)
FIELDS = (("medicine", "physician"), ("surgery", "surgeon"), ("imaging", "radiologist"))
# (method, its German word, kind)
METHODS = (
    ("keyhole surgery", "Schlüssellochoperation", TreatmentKind.SURGERY),
    ("medicine course", "Medikamentenkur", TreatmentKind.MEDICINE),
    ("heat ablation", "Hitzeablation", TreatmentKind.ABLATION),
    ("open surgery", "Operation", TreatmentKind.SURGERY),
    ("infusion therapy", "Infusionstherapie", TreatmentKind.MEDICINE),
    ("pinpoint radiotherapy", "Punktbestrahlung", TreatmentKind.RADIOTHERAPY),
    ("catheter embolisation", "Embolisation", TreatmentKind.CATHETER),
    ("mirror examination", "Spiegelung", TreatmentKind.ENDOSCOPY),
    ("antibody therapy", "Antikörpertherapie", TreatmentKind.MEDICINE),
    ("pain therapy", "Schmerztherapie", TreatmentKind.SUPPORTIVE),
    ("microwave ablation", "Mikrowellenablation", TreatmentKind.ABLATION),
    ("robotic surgery", "Roboteroperation", TreatmentKind.SURGERY),
    ("stent placement", "Stenteinlage", TreatmentKind.CATHETER),
    ("laser ablation", "Laserablation", TreatmentKind.ABLATION),
    ("wide-field radiotherapy", "Großfeldbestrahlung", TreatmentKind.RADIOTHERAPY),
    ("cold ablation", "Kälteablation", TreatmentKind.ABLATION),
    ("catheter infusion", "Katheterinfusion", TreatmentKind.CATHETER),
    ("nutrition therapy", "Ernährungstherapie", TreatmentKind.SUPPORTIVE),
    ("tissue grafting", "Gewebeverpflanzung", TreatmentKind.SURGERY),
    ("seed radiotherapy", "Seedbestrahlung", TreatmentKind.RADIOTHERAPY),
)
# (finding, its German word, how people may call it)
FINDINGS = (
    ("nodules", "Knoten", "lumps"),
    ("cysts", "Zysten", "bubbles"),
    ("inflammation", "Entzündung", "soreness"),
    ("scarring", "Vernarbung", "scars"),
    ("narrowing", "Verengung", "tight spot"),
)
MANNERS = (
    "benign",
    "recurrent",
    "chronic",
    "multiple",
    "early",
    "advanced",
    "inherited",
    "acute",
    "solitary",
    "diffuse",
    "silent",
    "juvenile",
    "late",
    "mixed",
    "rare",
)
MOST_SYNONYMS = 4
SPECIALTIES = len(ORGANS) * len(FIELDS)
TREATMENTS = len(ORGANS) * len(METHODS)
CONDITIONS = len(ORGANS) * len(FINDINGS) * len(MANNERS)


@dataclass(frozen=True)
class Kind:
    """One list of terms: how many an organ has, and how much more frequent its first are than its last."""

    names: tuple[str, ...]
    exponent: float

    @property
    def per_organ(self) -> int:
        return len(self.names) // len(ORGANS)

    @property
    def slugs(self) -> list[str]:
        return [names.make_slug(name) for name in self.names]

    @property
    def shares(self) -> Floats:
        """How often each term is drawn, all adding up to 1."""
        return np.outer(organ_shares(), zipf(self.per_organ, self.exponent)).ravel()

    def draw(self, rng: np.random.Generator, organs: Ints) -> Ints:
        """A term of each of these organs, by position in the whole list."""
        return organs * self.per_organ + pick(rng, zipf(self.per_organ, self.exponent), len(organs))


@dataclass(frozen=True)
class Keys:
    """Primary keys, in the order of the lists."""

    specialties: Ints
    treatments: Ints
    conditions: Ints

    @property
    def count(self) -> int:
        return len(self.specialties) + len(self.treatments) + len(self.conditions)


def organ_shares() -> Floats:
    return zipf(len(ORGANS), 0.8)


@cache
def kinds() -> dict[str, Kind]:
    """Name of the facet → its terms."""
    return {
        "specialty": Kind(tuple(f"{o[0]} {f[0]}".capitalize() for o, f in product(ORGANS, FIELDS)), 0.5),
        "treatment": Kind(tuple(f"{o[0]} {m[0]}".capitalize() for o, m in product(ORGANS, METHODS)), 0.8),
        "condition": Kind(
            tuple(f"{m} {f[0]} of the {o[0]}".capitalize() for o, m, f in product(ORGANS, MANNERS, FINDINGS)), 0.9
        ),
    }


def create_terms() -> Keys:
    """All terms through their models' ``save()``, with the links between them."""
    specialties = [_specialty(number) for number in range(SPECIALTIES)]
    treatments = [_treatment(number) for number in range(TREATMENTS)]
    conditions = [_condition(number) for number in range(CONDITIONS)]
    _link(Treatment.specialties.through, "treatment", treatments, "specialty", specialties)
    _link(Condition.specialties.through, "condition", conditions, "specialty", specialties)
    _link(Condition.treatments.through, "condition", conditions, "treatment", treatments)
    return Keys(*(np.array([term.pk for term in terms]) for terms in (specialties, treatments, conditions)))


def _specialty(number: int) -> Specialty:
    organ, field = _position(number, FIELDS)
    name = kinds()["specialty"].names[number]
    return Specialty.objects.create(
        name=name,
        synonyms=[f"{organ[1]} {field[0]}", f"{organ[2]}medizin, {field[0]}"],
        practitioner=f"{organ[0]} {field[1]}",
    )


def _treatment(number: int) -> Treatment:
    organ, method = _position(number, METHODS)
    name = kinds()["treatment"].names[number]
    synonyms = [f"{organ[1]} {method[0]}", f"{organ[2]}-{method[1]}"]
    return Treatment.objects.create(name=name, synonyms=synonyms, kind=method[2])


def _condition(number: int) -> Condition:
    organ, (manner, finding) = _position(number, list(product(MANNERS, FINDINGS)))
    synonyms = [
        f"{manner} {organ[1]} {finding[0]}",
        f"{organ[2]}-{finding[1]}, {manner}",
        f"{manner} {organ[0]} {finding[2]}",
        f"{finding[2]} in the {organ[0]}, {manner}",
    ]
    return Condition.objects.create(
        name=kinds()["condition"].names[number],
        synonyms=synonyms[: 1 + number % MOST_SYNONYMS],
        summary="Made up for measurements.",
        body_area=organ[3],
        is_published=True,
        is_sample=True,
    )


def _position(number: int, within: Sequence[Entry]) -> tuple[tuple[str, str, str, BodyArea], Entry]:
    """The organ and the entry of ``within`` that the term at ``number`` is made of."""
    return ORGANS[number // len(within)], within[number % len(within)]


def _link(through: type[Model], name: str, terms: list, other_name: str, others: list) -> None:
    """Each term with up to three of the other terms of its organ."""
    own, own_other = len(terms) // len(ORGANS), len(others) // len(ORGANS)
    rows = [
        through(**{name: term, other_name: others[number // own * own_other + (number + step) % own_other]})
        for number, term in enumerate(terms)
        for step in range(1 + number % 3)
    ]
    through._default_manager.bulk_create(rows)
