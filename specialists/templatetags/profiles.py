"""What the templates of profile pages need: telephone links and opening hours in words."""

import re
from collections.abc import Iterable

from django import template

from specialists import opening
from specialists.models import OpeningHours, TreatmentOffer

register = template.Library()


@register.filter
def tel(phone: str) -> str:
    """A number as people write it → what a telephone can dial: "+49 (0)6221 / 56-1" → "+496221561"."""
    dialled = re.split("[A-Za-z]", phone.strip(), maxsplit=1)[0]
    if dialled.startswith("+"):
        return "+" + re.sub(r"\D", "", dialled.replace("(0)", ""))
    return re.sub(r"\D", "", dialled)


@register.filter
def opening_rows(hours: Iterable[OpeningHours]) -> list[tuple[str, str]]:
    """Opening hours → rows (days, hours) for a table."""
    return opening.by_days(hours)


@register.filter
def by_treatment(offers: Iterable[TreatmentOffer]) -> list[TreatmentOffer]:
    """Offers in the order of their treatments' names in the reader's language."""
    return sorted(offers, key=lambda offer: (offer.treatment.local.sort_key, offer.pk))
