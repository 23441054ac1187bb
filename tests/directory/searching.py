"""A small directory to search, and how a visitor searches it."""

from typing import Any

from django.test import Client

from conditions.models import Revision
from specialists import spelling
from tests import factories


def make_site() -> None:
    """A few entries of each kind whose words meet in "liver"."""
    surgery = factories.make_specialty("Liver surgery", practitioner="liver surgeon")
    resection = factories.make_treatment("Liver resection", synonyms=["removal of part of the liver"])
    chemo = factories.make_treatment("Chemotherapy", synonyms=["chemo"])
    metastases = factories.make_condition("Liver metastases", synonyms=["liver mets", "secondary liver cancer"])
    cancer = factories.make_condition("Liver cancer", synonyms=["HCC", "Leberkrebs", "tumour of the liver"])
    oesophagus = factories.make_condition("Oesophageal cancer", synonyms=["Speiseröhrenkrebs"])
    links: dict[str, Any] = {"conditions": [metastases], "treatments": [resection], "specialties": [surgery]}
    clinic = factories.make_clinic("Clinic Am Park", focus="Livers", **links)
    factories.make_physician("Müller", given_name="Jörg", clinics=[clinic], conditions=[cancer], treatments=[chemo])
    write("About metastases", "<p>Cells of the bowel settle in the liver &amp; grow there.</p>", metastases)
    write("What is jaundice?", "<p>The skin becomes yellow, as the liver fails.</p>", cancer)
    factories.make_published(oesophagus)
    spelling.refresh()


def write(heading: str, body: str, condition: Any, language: str = "en") -> Revision:
    draft = factories.make_draft(condition, language)
    draft.sections.update(heading=heading, body=body)
    return factories.take_live(draft)


def asked(query: str, client: Client | None = None) -> Any:
    return (client or Client()).get("/en/search/", {"q": query})
