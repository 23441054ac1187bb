"""A position as browsers give it: "50.11,8.68"."""

import re

from django.utils.translation import gettext as _

from specialists import distance
from specialists.geography.spots import Located, Spot
from specialists.models import Place
from specialists.selection import Circle

NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?"
POSITION = re.compile(rf"({NUMBER})(?: ?, ?| )({NUMBER})")
HIGHEST_LATITUDE, HIGHEST_LONGITUDE = 90, 180
# About a kilometre: enough to find a clinic, too little to tell where somebody lives.
DECIMALS = 2
# Kilometres; a town further away says too little.
NEAR = 25


def locate(text: str) -> Located | None:
    """The position, rounded; empty when it is not on earth; None when ``text`` is something else."""
    if (found := POSITION.fullmatch(text)) is None:
        return None
    # Adding zero makes 0.0 of -0.0.
    latitude, longitude = (round(float(number), DECIMALS) + 0.0 for number in found.groups())
    if abs(latitude) > HIGHEST_LATITUDE or abs(longitude) > HIGHEST_LONGITUDE:
        return Located()
    shown = {"latitude": f"{latitude:.{DECIMALS}f}", "longitude": f"{longitude:.{DECIMALS}f}"}
    value = "{latitude},{longitude}".format(**shown)
    near = _nearest(latitude, longitude)
    label = _("around %(place)s") % {"place": near.label} if near else _("position %(value)s") % {"value": value}
    return Located(Spot(latitude, longitude, label, value))


def _nearest(latitude: float, longitude: float) -> Place | None:
    """The town that lies nearest to a position, if one is near enough to tell where it is."""
    around = Circle(latitude, longitude, NEAR)
    towns = Place.objects.filter(distance.in_box(around)).annotate(
        metres=distance.metres(around, "latitude", "longitude")
    )
    return towns.order_by("metres").first()
