"""Towns and postcodes of the countries that the directory covers, so that “near me” works without any other server.

All rows come from ``manage.py load_places`` and ``import_postcodes``; nothing refers to them, so a reload is harmless.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from specialists.enums import Country

NAME_LENGTH = 200


def _on_earth(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name=name)


def _known_country(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(country__in=Country.values), name=name)


class Place(models.Model):
    """A city, town, village or quarter; coordinates in degrees, WGS 84."""

    geoname_id = models.IntegerField(_("GeoNames number"), primary_key=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, help_text=_("As the people there write it."))
    label = models.CharField(
        _("label"), max_length=NAME_LENGTH, unique=True, help_text=_("Tells it from all others; stands in addresses.")
    )
    label_key = models.CharField(max_length=NAME_LENGTH, unique=True, editable=False)
    """``label`` folded: what a visitor's words are compared with."""
    country = models.CharField(_("country"), max_length=2, choices=Country)
    region = models.CharField(_("state or canton"), max_length=120, blank=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    population = models.PositiveIntegerField(_("population"), default=0)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("-population", "label_key")
        constraints = [_known_country("place_country"), _on_earth("place_coordinates")]

    def __str__(self) -> str:
        return self.label


class PlaceName(models.Model):
    """A spelling under which a place is found: folded, in any language of the Latin script.

    The main ones answer while somebody types and when a word is misspelt; the others only when written in full.
    """

    # Its index is that of the constraint below.
    place = models.ForeignKey(
        Place, verbose_name=_("place"), related_name="names", on_delete=models.CASCADE, db_index=False
    )
    key = models.CharField(_("spelling"), max_length=NAME_LENGTH)
    is_main = models.BooleanField(
        _("main name"), default=False, help_text=_("Its own name, or a well-known one such as “Munich”.")
    )
    population = models.PositiveIntegerField(_("population"), default=0)
    """That of the place, once more: one index walk gives the biggest places that begin with a letter."""

    class Meta:
        verbose_name = _("spelling of a place")
        verbose_name_plural = _("spellings of places")
        ordering = ("-population", "key")
        constraints = [models.UniqueConstraint(fields=["place", "key"], name="place_name_once")]
        indexes = [
            models.Index(OpClass("key", "varchar_pattern_ops"), name="place_name_prefix"),
            models.Index(fields=["-population"], condition=Q(is_main=True), name="place_name_biggest"),
            GinIndex(fields=["key"], condition=Q(is_main=True), name="place_name_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.key


class Postcode(models.Model):
    """A postcode and the middle of its area; coordinates in degrees, WGS 84."""

    country = models.CharField(_("country"), max_length=2, choices=Country)
    code = models.CharField(_("postcode"), max_length=10)
    name = models.CharField(_("place"), max_length=NAME_LENGTH, blank=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    is_approximate = models.BooleanField(
        _("approximate"), default=False, help_text=_("The coordinates are those of the town, not of its part.")
    )
    is_imported = models.BooleanField(
        _("imported"), default=False, help_text=_("From a file of your own; reloading the places leaves it alone.")
    )

    class Meta:
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")
        ordering = ("country", "code")
        constraints = [
            models.UniqueConstraint(fields=["country", "code"], name="postcode_once"),
            _known_country("postcode_country"),
            _on_earth("postcode_coordinates"),
        ]
        indexes = [models.Index(OpClass("code", "varchar_pattern_ops"), name="postcode_prefix")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class PlaceData(models.Model):
    """Which state of the data was loaded last: at most one row."""

    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    loaded_at = models.DateTimeField(_("loaded"), db_default=Now())

    class Meta:
        verbose_name = _("loaded places")
        verbose_name_plural = _("loaded places")

    def __str__(self) -> str:
        return self.fingerprint
