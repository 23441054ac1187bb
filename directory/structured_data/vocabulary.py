"""Conditions, treatments and specialties as schema.org's health extension names them."""

from conditions.enums import TreatmentKind
from conditions.models import Condition, GlossaryTerm, Specialty, Treatment
from conditions.models.vocabulary import Term
from directory.structured_data.graph import Node, absolute, node

ICD, MESH = "ICD-10", "MeSH"


def reference(kind: str, term: Term) -> Node:
    """A term where another page only names it."""
    return node(kind, name=term.local.name, url=absolute(term.get_absolute_url()))


def specialties(terms: list[Specialty]) -> list[Node]:
    """Specialties under our own names: schema.org's list is of American ones and lacks many."""
    return [reference("MedicalSpecialty", term) for term in terms]


def therapy_type(treatment: Treatment) -> str:
    """A type below MedicalTherapy, which is what a condition's treatments have to be: SurgicalProcedure is not."""
    return "RadiationTherapy" if treatment.kind == TreatmentKind.RADIOTHERAPY else "MedicalTherapy"


def therapies(terms: list[Treatment]) -> list[Node]:
    return [reference(therapy_type(term), term) for term in terms]


def condition(term: Condition, url: str) -> Node:
    """A condition with all that its page says beside the article; ``url`` is that page."""
    codes = [node("MedicalCode", codeValue=code, codingSystem=ICD) for code in term.icd10]
    if term.mesh:
        codes.append(node("MedicalCode", codeValue=term.mesh, codingSystem=MESH))
    return node(
        "MedicalCondition",
        f"{url}#condition",
        name=term.local.name,
        alternateName=list(term.local.synonyms),
        description=term.local.summary,
        code=codes,
        possibleTreatment=therapies(list(term.treatments.all())),
        relevantSpecialty=specialties(list(term.specialties.all())),
    )


def treatment(term: Treatment, url: str) -> Node:
    """A treatment as its own page describes it."""
    return node(
        therapy_type(term),
        f"{url}#treatment",
        name=term.local.name,
        alternateName=list(term.local.synonyms),
        description=term.local.summary,
        relevantSpecialty=specialties(list(term.specialties.all())),
    )


def specialty(term: Specialty, url: str) -> Node:
    """A specialty as its own page describes it."""
    return node("MedicalSpecialty", f"{url}#specialty", name=term.local.name, description=term.local.description)


def explained(word: GlossaryTerm, url: str) -> Node:
    """A word of the glossary, whose page is at ``url``."""
    return node(
        "DefinedTerm",
        name=word.term,
        alternateName=list(word.also),
        description=word.explanation,
        url=f"{url}#glossary-{word.slug}",
    )
