"""The names and synonyms of the vocabulary, one a row, prepared for searching and suggesting."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conditions import names, words

KINDS = ("condition", "treatment", "specialty")


class TermNameQuerySet(models.QuerySet["TermName", "TermName"]):
    def public(self) -> Self:
        """Those of terms that visitors may see."""
        return self.filter(Q(condition__isnull=True) | Q(condition__is_published=True))

    def refresh(self, kind: str, term: Any, texts: list[tuple[str, list[str]]]) -> None:
        """Make ``texts``, (language, names with the main one first) pairs, the names of ``term``; ``kind`` of KINDS."""
        self.filter(**{kind: term}).delete()
        self.bulk_create(
            [
                self.model(**{kind: term, "language": language}, **values)
                for language, names_ in texts
                for values in _rows(names_)
            ]
        )


def _rows(texts: list[str]) -> list[dict[str, Any]]:
    """The columns of each distinct way to write one of ``texts``, with umlauts plain and spelt out."""
    rows: dict[str, dict[str, Any]] = {}
    for place, text in enumerate(texts):
        for folded in dict.fromkeys((names.fold(text), names.fold(names.transliterate(text)))):
            rows.setdefault(
                folded,
                {
                    "text": text,
                    "is_name": place == 0,
                    "folded": folded,
                    "joined": words.joined(folded),
                    "key": words.key(folded),
                    "roots": sorted(words.roots(folded)),
                },
            )
    return [row for folded, row in rows.items() if folded]


class TermName(models.Model):
    """One way to call a condition, a treatment or a specialty. Written along with the term it belongs to."""

    condition = models.ForeignKey("Condition", related_name="names", null=True, on_delete=models.CASCADE)
    treatment = models.ForeignKey("Treatment", related_name="names", null=True, on_delete=models.CASCADE)
    specialty = models.ForeignKey("Specialty", related_name="names", null=True, on_delete=models.CASCADE)
    language = models.CharField(_("language"), max_length=10)
    text = models.CharField(_("text"), max_length=200)
    is_name = models.BooleanField(_("the name itself"))
    folded = models.TextField()
    joined = models.TextField()
    key = models.TextField()
    roots = ArrayField(models.TextField())

    objects = TermNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name of a term")
        verbose_name_plural = _("names of terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(condition__isnull=False, treatment__isnull=True, specialty__isnull=True)
                | Q(condition__isnull=True, treatment__isnull=False, specialty__isnull=True)
                | Q(condition__isnull=True, treatment__isnull=True, specialty__isnull=False),
                name="term_name_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="term_name_key"),
            models.Index(OpClass(F("joined"), name="varchar_pattern_ops"), name="term_name_joined"),
            GinIndex(fields=["roots"], name="term_name_roots"),
            GinIndex(fields=["folded"], name="term_name_folded", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["joined"], name="term_name_joined_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if getattr(self, f"{kind}_id") is not None)
