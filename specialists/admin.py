"""Admin of physicians, clinics and their locations, affiliations and treatment offers."""

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conditions.admin_tools import (
    ChoicesField,
    InlineRowForm,
    LoadedInlineMixin,
    PublicPageMixin,
    SearchByNameMixin,
    SecureUrlsMixin,
)
from specialists.enums import Insurance, Language, ProfileStatus
from specialists.models import (
    Affiliation,
    CareerStep,
    Certificate,
    Clinic,
    Department,
    Identifier,
    Location,
    OpeningHours,
    Physician,
    Profile,
    TreatmentOffer,
)
from specialists.models.details import OVERLAP

PRESENTATION = ("focus", "about", "photo")
FOUND_BY = ("specialties", "conditions", "languages", "insurance", "accepting")
CONTACT = ("phone", "website")
PROFILE_FILTERS: tuple[str, ...] = ("status", "accepting", "is_sample", "verified_on", "specialties")
PUBLICATION = ("status", "verified_on", "is_sample")


class ProfileForm(forms.ModelForm):
    languages = ChoicesField(label=_("Languages"), choices=Language.choices)
    insurance = ChoicesField(label=_("Insurance"), choices=Insurance.choices)


class TreatmentOfferInline(LoadedInlineMixin, admin.TabularInline):
    model = TreatmentOffer
    form = InlineRowForm
    autocomplete_fields = ("treatment",)
    list_select_related = ("profile", "treatment")


class AffiliationInline(LoadedInlineMixin, admin.TabularInline):
    """A physician's posts."""

    model = Affiliation
    form = InlineRowForm
    autocomplete_fields = ("clinic",)
    list_select_related = ("physician", "clinic")


class TeamInline(LoadedInlineMixin, admin.TabularInline):
    """A clinic's physicians."""

    model = Affiliation
    form = InlineRowForm
    verbose_name = _("physician who works here")
    verbose_name_plural = _("physicians who work here")
    autocomplete_fields = ("physician",)
    list_select_related = ("physician", "clinic")


ADDRESS = (("name", "street"), ("postcode", "city", "region", "country"), ("latitude", "longitude"), "directions")


class LocationInline(admin.StackedInline):
    """A clinic's addresses; the opening hours of each are behind its link "Change"."""

    model = Location
    extra = 0
    fields = ADDRESS
    show_change_link = True
    verbose_name_plural = _("locations (their opening hours are behind “Change”)")


class CareerStepInline(admin.TabularInline):
    model = CareerStep
    extra = 0
    verbose_name_plural = _("curriculum vitae")


class DepartmentInline(LoadedInlineMixin, admin.StackedInline):
    model = Department
    form = InlineRowForm
    fields = (("name", "specialty"), ("head", "phone"))
    autocomplete_fields = ("specialty", "head")
    list_select_related = ("specialty", "head")


class CertificateInline(SecureUrlsMixin, admin.StackedInline):
    model = Certificate
    form = InlineRowForm
    fields = (("name", "issuer"), ("valid_until", "url"))
    extra = 0


class OpeningHoursForm(forms.ModelForm):
    def _get_validation_exclusions(self) -> set[str]:
        """Without the place there is no look for overlaps in the database, which still has the rows as they were."""
        return {*super()._get_validation_exclusions(), "location"}  # type: ignore[misc]


class OpeningHoursFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse hours of one day that overlap, as the rows will be when all of them are saved."""
        super().clean()
        if any(self.errors):
            return
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.cleaned_data]
        rows.sort(key=lambda row: (row["weekday"], row["opens"]))
        for before, after in pairwise(rows):
            if before["weekday"] == after["weekday"] and after["opens"] < before["closes"]:
                raise ValidationError(OVERLAP)


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    form = OpeningHoursForm
    formset = OpeningHoursFormSet
    extra = 0


class IdentifierInline(admin.TabularInline):
    model = Identifier
    extra = 0


class ProfileAdmin(PublicPageMixin, SecureUrlsMixin, SearchByNameMixin):
    """What the pages of physicians and clinics share."""

    form = ProfileForm
    list_filter = PROFILE_FILTERS
    autocomplete_fields = ("specialties", "conditions", "photo")
    list_per_page = 50
    actions = ("publish", "hide", "mark_verified")

    @admin.action(description=_("Publish the selected profiles"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._set(request, queryset, status=ProfileStatus.PUBLISHED)

    @admin.action(description=_("Hide the selected profiles"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._set(request, queryset, status=ProfileStatus.HIDDEN)

    @admin.action(description=_("Mark the selected profiles as verified today"), permissions=["change"])
    def mark_verified(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._set(request, queryset, verified_on=timezone.localdate())

    def _set(self, request: HttpRequest, queryset: QuerySet[Any], **values: Any) -> None:
        chosen = Profile.objects.filter(pk__in=queryset.values("pk"))
        changed = chosen.update(**values, edited_at=timezone.now())
        messages.success(
            request,
            ngettext("%(count)s profile changed.", "%(count)s profiles changed.", changed) % {"count": changed},
        )


@admin.register(Physician)
class PhysicianAdmin(ProfileAdmin):
    list_display = ("display_name", "focus", "status", "accepting", "verified_on")
    inlines = (AffiliationInline, TreatmentOfferInline, CareerStepInline, CertificateInline, IdentifierInline)
    fieldsets = (
        (None, {"fields": (("title", "given_name", "family_name"), "slug", *PUBLICATION)}),
        (_("Presentation"), {"fields": PRESENTATION}),
        (_("Found by"), {"fields": FOUND_BY}),
        (_("Contact"), {"fields": CONTACT}),
    )


@admin.register(Clinic)
class ClinicAdmin(ProfileAdmin):
    list_display = ("display_name", "clinic_kind", "status", "accepting", "verified_on")
    list_filter = ("clinic_kind", "locations__country", *PROFILE_FILTERS)
    inlines = (
        LocationInline,
        DepartmentInline,
        TeamInline,
        TreatmentOfferInline,
        CertificateInline,
        IdentifierInline,
    )
    fieldsets = (
        (None, {"fields": ("display_name", "slug", "clinic_kind", "beds", *PUBLICATION)}),
        (_("Presentation"), {"fields": PRESENTATION}),
        (_("Found by"), {"fields": FOUND_BY}),
        (_("Contact"), {"fields": CONTACT}),
    )


@admin.register(Profile)
class AnyProfileAdmin(SearchByNameMixin):
    """Only for autocompletes that take either kind; editing happens on the pages of physicians and clinics."""

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Not from here; the permission itself stays, as deleting a physician or clinic deletes this row too."""
        raise PermissionDenied


@admin.register(Location)
class LocationAdmin(SearchByNameMixin):
    """An address with its opening hours; clinics link here."""

    list_display = ("clinic", "name", "street", "postcode", "city", "country")
    list_filter = ("country",)
    search_fields = ("clinic__search_key", "street", "postcode", "city")
    autocomplete_fields = ("clinic",)
    fields = ("clinic", *ADDRESS)
    inlines = (OpeningHoursInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Location]:
        return super().get_queryset(request).select_related("clinic")


@admin.register(Affiliation)
class AffiliationAdmin(SearchByNameMixin):
    list_display = ("physician", "clinic", "role", "since", "until", "verified_on")
    list_filter = ("verified_on", ("until", admin.EmptyFieldListFilter))
    search_fields = ("physician__search_key", "clinic__search_key", "role")
    autocomplete_fields = ("physician", "clinic")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Affiliation]:
        return super().get_queryset(request).select_related("physician", "clinic")


@admin.register(TreatmentOffer)
class TreatmentOfferAdmin(SearchByNameMixin):
    list_display = ("profile", "treatment", "annual_cases", "year", "source", "verified_on")
    list_filter = ("verified_on", "year", "treatment__kind")
    search_fields = ("profile__search_key", "treatment__search_key", "source")
    autocomplete_fields = ("profile", "treatment")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TreatmentOffer]:
        return super().get_queryset(request).select_related("profile", "treatment")
