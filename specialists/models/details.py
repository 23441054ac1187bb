"""What only a profile's own page shows: careers, departments, opening hours and certificates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import BigIntegerField, ExpressionWrapper, F, Func, Q
from django.db.models.functions import Greatest, Least
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from conditions.models import Specialty
from specialists.enums import ProfileStatus
from specialists.models.profiles import YEARS, Affiliation, Clinic, Location, Physician, Profile, ProfileQuerySet

DAYS = 7
SECONDS = 86_400
OVERLAP = _("These hours overlap with others of the same day.")


class CareerStep(models.Model):
    """A line of a physician's curriculum vitae. A step of one year begins and ends in it."""

    physician = models.ForeignKey(
        Physician, verbose_name=_("physician"), related_name="career", on_delete=models.CASCADE
    )
    since = models.PositiveSmallIntegerField(_("from (year)"))
    until = models.PositiveSmallIntegerField(
        _("until (year)"),
        null=True,
        blank=True,
        help_text=_("Empty: until today. The same year as “from”: in that year."),
    )
    text = models.CharField(_("text"), max_length=300, help_text=_("For example “Specialist exam in surgery”."))

    class Meta:
        verbose_name = _("career step")
        verbose_name_plural = _("career steps")
        ordering = ("-since", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(since__range=YEARS) & (Q(until__isnull=True) | Q(until__range=YEARS)),
                name="career_years",
                violation_error_message=_("A year must lie between 1900 and 2100."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="career_until_after_since",
                violation_error_message=_("A step cannot end before it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since} {self.text}"


class Department(models.Model):
    """A part of a clinic; its head is named only while their own profile is public."""

    clinic = models.ForeignKey(Clinic, verbose_name=_("clinic"), related_name="departments", on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=200)
    specialty = models.ForeignKey(
        Specialty,
        verbose_name=_("specialty"),
        related_name="departments",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    head = models.ForeignKey(
        Physician,
        verbose_name=_("head physician"),
        related_name="departments",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "name"],
                name="department_once",
                violation_error_message=_("This clinic already has a department of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


def _second_of_week(time: str) -> ExpressionWrapper:
    """A number that orders a column with a time of day by place, weekday and second."""
    second = Func(F(time), template="extract(epoch FROM %(expressions)s)::bigint", output_field=BigIntegerField())
    day = ExpressionWrapper(F("location") * DAYS + F("weekday"), output_field=BigIntegerField())
    return ExpressionWrapper(day * SECONDS + second, output_field=BigIntegerField())


class OpeningHours(models.Model):
    """From when until when patients can come on a weekday (0 is Monday), in local time; several a day are allowed."""

    location = models.ForeignKey(Location, verbose_name=_("location"), related_name="hours", on_delete=models.CASCADE)
    weekday = models.PositiveSmallIntegerField(_("day"), choices=sorted(WEEKDAYS.items()))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, DAYS - 1)), name="hours_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="hours_closes_after_opens",
                violation_error_message=_("The closing time must lie after the opening time."),
            ),
            # One range of numbers, not three columns: those would need an extension for equality in GiST.
            ExclusionConstraint(
                name="hours_do_not_overlap",
                expressions=[
                    (
                        # By size, as the check of another constraint comes too late for a range's bounds.
                        Func(
                            Least(_second_of_week("opens"), _second_of_week("closes")),
                            Greatest(_second_of_week("opens"), _second_of_week("closes")),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                # An editor may move several in one go: only what is there in the end counts.
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=OVERLAP,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Certificate(models.Model):
    """A certificate that a body outside has given; pages state until when, they never judge by the clock."""

    profile = models.ForeignKey(
        Profile, verbose_name=_("profile"), related_name="certificates", on_delete=models.CASCADE
    )
    name = models.CharField(_("name"), max_length=200)
    issuer = models.CharField(_("issued by"), max_length=200)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    url = models.URLField(_("source"), max_length=300, blank=True, help_text=_("A page of the issuer that shows it."))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "name", "issuer"],
                name="certificate_once",
                violation_error_message=_("This certificate is already listed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.issuer}"


def with_details(profiles: ProfileQuerySet) -> ProfileQuerySet:
    """``profiles`` with all that their own pages show, in a fixed number of queries."""
    return profiles.for_cards().prefetch_related(
        "conditions",
        "certificates",
        "physician__career",
        "clinic__locations__hours",
        models.Prefetch("clinic__departments", Department.objects.select_related("specialty", "head")),
        models.Prefetch("clinic__affiliations", _team(), to_attr="team"),
    )


def _team() -> models.QuerySet[Affiliation]:
    """The current posts of public physicians, by name."""
    current = Affiliation.objects.filter(until__isnull=True, physician__status=ProfileStatus.PUBLISHED)
    return current.select_related("physician").order_by("physician__sort_key", "pk")
