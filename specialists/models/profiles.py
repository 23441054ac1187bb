"""Physicians and clinics, where they work, and which treatments they offer; each claim dated and sourced."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conditions import names
from conditions.models import Condition, Picture, Slugged, Specialty, Treatment
from conditions.models.vocabulary import Visitor, with_derived
from specialists.enums import Accepting, ClinicKind, Country, Insurance, Language, ProfileKind, ProfileStatus

YEARS = (1900, 2100)


def _within(field: str, choices: list[str], name: str) -> models.CheckConstraint:
    """An array column may hold these choices only."""
    return models.CheckConstraint(condition=Q(**{f"{field}__contained_by": choices}), name=name)


def _year(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": YEARS}),
        name=name,
        violation_error_message=_("A year must lie between 1900 and 2100."),
    )


class ProfileQuerySet(models.QuerySet["Profile", "Profile"]):
    def published(self) -> Self:
        """The profiles that visitors find."""
        return self.filter(status=ProfileStatus.PUBLISHED)

    def visible_to(self, user: Visitor) -> Self:
        """What ``user`` may see: editors see drafts and hidden profiles too."""
        may_see_all = user.is_active and user.has_perm("specialists.view_profile")
        return self.all() if may_see_all else self.published()

    def for_cards(self) -> Self:
        """With all that a card shows, in a fixed number of queries."""
        current = Affiliation.objects.current().select_related("clinic").prefetch_related("clinic__locations")
        return self.select_related("photo", "physician", "clinic").prefetch_related(
            "specialties",
            models.Prefetch("physician__affiliations", current, to_attr="current_affiliations"),
            "clinic__locations",
            models.Prefetch("offers", TreatmentOffer.objects.select_related("treatment")),
        )


class Profile(Slugged):
    """What a list shows of a physician or a clinic; each has exactly one row of its own kind extending this one."""

    kind = models.CharField(_("kind"), max_length=10, choices=ProfileKind, editable=False)
    display_name = models.CharField(_("name"), max_length=250)
    # Sorted by code points wherever the database runs: the facet index has to come to the same order.
    sort_key = models.CharField(max_length=names.SORT_KEY_LENGTH, editable=False, db_collation="C")
    search_key = models.TextField(editable=False)
    status = models.CharField(_("status"), max_length=10, choices=ProfileStatus, default=ProfileStatus.DRAFT)
    focus = models.CharField(_("focus"), max_length=200, blank=True, help_text=_("One line for the list."))
    about = models.TextField(_("about"), blank=True)
    photo = models.ForeignKey(
        Picture, verbose_name=_("photo"), related_name="profiles", null=True, blank=True, on_delete=models.SET_NULL
    )
    specialties = models.ManyToManyField(Specialty, verbose_name=_("specialties"), related_name="profiles", blank=True)
    conditions = models.ManyToManyField(
        Condition, verbose_name=_("conditions treated"), related_name="profiles", blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language), verbose_name=_("languages"), default=list, blank=True
    )
    insurance = ArrayField(
        models.CharField(max_length=10, choices=Insurance), verbose_name=_("insurance"), default=list, blank=True
    )
    accepting = models.CharField(_("new patients"), max_length=10, choices=Accepting, default=Accepting.UNKNOWN)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, help_text=_("Marked as sample content on its page."))
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    edited_at = models.DateTimeField(_("edited"), auto_now=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ("sort_key", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ProfileKind.values), name="profile_kind"),
            models.CheckConstraint(condition=Q(status__in=ProfileStatus.values), name="profile_status"),
            models.CheckConstraint(condition=Q(accepting__in=Accepting.values), name="profile_accepting"),
            _within("languages", Language.values, "profile_languages"),
            _within("insurance", Insurance.values, "profile_insurance"),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], condition=Q(status="published"), name="profile_by_name"),
            models.Index(
                F("verified_on").desc(nulls_last=True),
                "sort_key",
                "id",
                condition=Q(status="published"),
                name="profile_by_verification",
            ),
            GinIndex(fields=["languages"], name="profile_languages_gin"),
            GinIndex(fields=["search_key"], name="profile_search_gin", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.display_name

    @classmethod
    def slug_space(cls) -> models.QuerySet[Any]:
        """Physicians and clinics share one address space."""
        return Profile.objects.all()

    def slug_source(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("specialists:profile", args=(self.slug,))

    def places(self) -> list["Location"]:
        """Where patients find them: a clinic's own locations, a physician's through current affiliations.

        Reads what ``for_cards()`` prefetched; one location a city is enough for a card, the first stands for it.
        """
        if self.kind == ProfileKind.CLINIC:
            return list(self.clinic.locations.all())
        return [
            location
            for affiliation in self.physician.listed_affiliations
            for location in affiliation.clinic.locations.all()
        ]


class Physician(Profile):
    title = models.CharField(_("title"), max_length=60, blank=True, help_text=_("For example “Prof. Dr.”."))
    given_name = models.CharField(_("given name"), max_length=90)
    family_name = models.CharField(_("family name"), max_length=90)

    objects = models.Manager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("physician")
        verbose_name_plural = _("physicians")

    @cached_property
    def listed_affiliations(self) -> list["Affiliation"]:
        """The current affiliations with public clinics; from the prefetch of ``for_cards()`` where there was one."""
        prefetched: list[Affiliation] | None = getattr(self, "current_affiliations", None)
        if prefetched is not None:
            return prefetched
        return list(self.affiliations.current().select_related("clinic").prefetch_related("clinic__locations"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive what lists show and sort by from the parts of the name."""
        self.kind = ProfileKind.PHYSICIAN
        self.display_name = " ".join(filter(None, (self.title, self.given_name, self.family_name)))
        self.sort_key = names.sort_key(f"{self.family_name} {self.given_name}")
        self.search_key = names.search_key(self.display_name)
        parts = ("title", "given_name", "family_name")
        super().save(*args, **with_derived(kwargs, parts, ("display_name", "sort_key", "search_key")))


class Clinic(Profile):
    clinic_kind = models.CharField(_("kind of clinic"), max_length=10, choices=ClinicKind, default=ClinicKind.HOSPITAL)
    beds = models.PositiveIntegerField(_("beds"), null=True, blank=True)

    objects = models.Manager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        constraints = [
            models.CheckConstraint(condition=Q(clinic_kind__in=ClinicKind.values), name="clinic_clinic_kind")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = ProfileKind.CLINIC
        self.sort_key = names.sort_key(self.display_name)
        self.search_key = names.search_key(self.display_name)
        super().save(*args, **with_derived(kwargs, ("display_name",), ("sort_key", "search_key")))


class Identifier(models.Model):
    """The number under which a register knows a profile, so that an import finds it again."""

    profile = models.ForeignKey(Profile, related_name="identifiers", on_delete=models.CASCADE)
    system = models.CharField(_("register"), max_length=100, help_text=_("For example “us-npi”."))
    value = models.CharField(_("number"), max_length=100)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [models.UniqueConstraint(fields=["system", "value"], name="identifier_once")]

    def __str__(self) -> str:
        return f"{self.system} {self.value}"


class Location(models.Model):
    """An address of a clinic; coordinates in degrees, WGS 84."""

    clinic = models.ForeignKey(Clinic, verbose_name=_("clinic"), related_name="locations", on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("Only where a clinic has several."))
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=120)
    region = models.CharField(_("state or canton"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    directions = models.TextField(
        _("directions"),
        blank=True,
        db_default="",
        help_text=_("How to get there by bus, train and car, and how to get in without steps."),
    )

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(country__in=Country.values), name="location_country"),
            models.CheckConstraint(
                # Said in full: in SQL a comparison with NULL is not false, and a check passes unless it is.
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="location_coordinates",
                violation_error_message=_("Give both latitude and longitude, in degrees, or neither."),
            ),
        ]
        indexes = [models.Index(fields=["latitude", "longitude"], name="location_coordinates_index")]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.street, f"{self.postcode} {self.city}".strip())))


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def current(self) -> Self:
        """Posts that have not ended, at clinics that are public."""
        return self.filter(until__isnull=True, clinic__status=ProfileStatus.PUBLISHED)


class Affiliation(models.Model):
    """A physician's post at a clinic; a physician's places are those of their clinics."""

    physician = models.ForeignKey(
        Physician, verbose_name=_("physician"), related_name="affiliations", on_delete=models.CASCADE
    )
    clinic = models.ForeignKey(Clinic, verbose_name=_("clinic"), related_name="affiliations", on_delete=models.CASCADE)
    role = models.CharField(_("role"), max_length=150, blank=True)
    since = models.PositiveSmallIntegerField(_("since (year)"), null=True, blank=True)
    until = models.PositiveSmallIntegerField(
        _("until (year)"), null=True, blank=True, help_text=_("Only for a post that has ended.")
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["physician", "clinic", "role"],
                name="affiliation_once",
                violation_error_message=_("This physician already has this role at this clinic."),
            ),
            _year("since", "affiliation_since"),
            _year("until", "affiliation_until"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="affiliation_until_after_since",
                violation_error_message=_("A post cannot end before it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.physician}, {self.clinic}"


class TreatmentOffer(models.Model):
    """The claim that a specialist offers a treatment: how many cases in which year, who says so, when checked."""

    profile = models.ForeignKey(Profile, verbose_name=_("profile"), related_name="offers", on_delete=models.CASCADE)
    treatment = models.ForeignKey(
        Treatment, verbose_name=_("treatment"), related_name="offers", on_delete=models.PROTECT
    )
    annual_cases = models.PositiveIntegerField(_("cases a year"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    class Meta:
        verbose_name = _("treatment offer")
        verbose_name_plural = _("treatment offers")
        ordering = ("treatment__sort_key", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "treatment"],
                name="offer_once",
                violation_error_message=_("This treatment is already listed."),
            ),
            _year("year", "offer_year"),
            models.CheckConstraint(
                condition=Q(annual_cases__isnull=True) | Q(year__isnull=False),
                name="offer_cases_have_a_year",
                violation_error_message=_("Say which year the case number is from."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}: {self.treatment}"
