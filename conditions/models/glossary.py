"""Words that readers may want explained: editors keep them in each language apart."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from conditions import names
from conditions.models.articles import site_languages


def begin_and_end_in_words(text: str) -> None:
    """Raises ValidationError for a form that could never be found between the words of a text."""
    if not (text[:1].isalnum() and text[-1:].isalnum()):
        raise ValidationError(_("“%(text)s” must begin and end with a letter or digit."), params={"text": text})


class GlossaryTerm(models.Model):
    """One word of one language with its plain explanation; the same word shares its slug with other languages."""

    slug = models.SlugField(
        _("slug"),
        max_length=names.SLUG_LENGTH,
        help_text=_("The word's place in addresses; the same in every language."),
    )
    language = models.CharField(_("language"), max_length=10, choices=site_languages, default="en")
    term = models.CharField(
        _("word"),
        max_length=100,
        validators=[begin_and_end_in_words],
        help_text=_("Words all in capitals, such as PET, are only found in capitals."),
    )
    also = ArrayField(
        models.CharField(max_length=100, validators=[begin_and_end_in_words]),
        verbose_name=_("other forms"),
        default=list,
        blank=True,
        help_text=_("Plurals, other cases and other words that texts use for the same."),
    )
    explanation = models.TextField(
        _("explanation"), max_length=400, help_text=_("One or two plain sentences, without markup.")
    )

    class Meta:
        verbose_name = _("word of the glossary")
        verbose_name_plural = _("glossary")
        ordering = ("language", "slug")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "language"],
                name="glossary_slug_once",
                violation_error_message=_("There is a word with this slug in this language already."),
            ),
            models.UniqueConstraint(
                "language",
                Lower("term"),
                name="glossary_term_once",
                violation_error_message=_("This word is explained in this language already."),
            ),
        ]

    def __str__(self) -> str:
        return self.term

    @property
    def sort_key(self) -> str:
        return names.sort_key(self.term)

    def all_forms(self) -> list[str]:
        """The word, then all other ways to write it."""
        return [self.term, *self.also]
