"""Who treats patients, and where."""

from specialists.models.details import CareerStep, Certificate, Department, OpeningHours, with_details
from specialists.models.index import ProfileChange, SavedIndex, SavedPart
from specialists.models.places import Place, PlaceData, PlaceName, Postcode
from specialists.models.profiles import (
    Affiliation,
    Clinic,
    Identifier,
    Location,
    Physician,
    Profile,
    ProfileQuerySet,
    TreatmentOffer,
)

__all__ = [
    "Affiliation",
    "CareerStep",
    "Certificate",
    "Clinic",
    "Department",
    "Identifier",
    "Location",
    "OpeningHours",
    "Physician",
    "Place",
    "PlaceData",
    "PlaceName",
    "Postcode",
    "Profile",
    "ProfileChange",
    "ProfileQuerySet",
    "SavedIndex",
    "SavedPart",
    "TreatmentOffer",
    "with_details",
]
