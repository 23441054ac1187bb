"""Medical knowledge: the vocabulary of conditions, treatments and specialties, and the articles about them."""

from conditions.models.articles import Article, Contributor, Revision, Section, Source
from conditions.models.content import ContentChange, ContentVersion
from conditions.models.glossary import GlossaryTerm
from conditions.models.pictures import Picture
from conditions.models.records import KeptText, LinkCheck, Transition
from conditions.models.term_names import TermName
from conditions.models.translations import Translation
from conditions.models.urgent import UrgentSigns
from conditions.models.vocabulary import Condition, Slugged, Specialty, Treatment
from conditions.models.votes import HelpfulVote

__all__ = [
    "Article",
    "Condition",
    "ContentChange",
    "ContentVersion",
    "Contributor",
    "GlossaryTerm",
    "HelpfulVote",
    "KeptText",
    "LinkCheck",
    "Picture",
    "Revision",
    "Section",
    "Slugged",
    "Source",
    "Specialty",
    "TermName",
    "Transition",
    "Translation",
    "Treatment",
    "UrgentSigns",
]
