"""What the templates of profile pages need: telephone links and opening hours in words."""

from collections.abc import Iterable

from django import template

from specialists import opening, phones
from specialists.models import OpeningHours, TreatmentOffer

register = template.Library()


tel = register.filter("tel", phones.tel)


@register.filter
def opening_rows(hours: Iterable[OpeningHours]) -> list[tuple[str, str]]:
    """Opening hours → rows (days, hours) for a table."""
    return opening.by_days(hours)


@register.filter
def by_treatment(offers: Iterable[TreatmentOffer]) -> list[TreatmentOffer]:
    """Offers in the order of their treatments' names in the reader's language."""
    return sorted(offers, key=lambda offer: (offer.treatment.local.sort_key, offer.pk))
