"""Physicians and clinics: who they are, where, when they can be reached and what they offer."""

from django.utils.translation import gettext as _

from conditions.models import Condition
from directory.structured_data.graph import Node, absolute, member, node
from directory.structured_data.vocabulary import reference, specialties, therapies
from specialists.enums import Accepting, ClinicKind
from specialists.models import Affiliation, Certificate, Clinic, Department, Location, OpeningHours, Profile

# Both: readers that do not know the younger type understand the older one.
PHYSICIAN = ["Physician", "IndividualPhysician"]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ACCEPTS = {Accepting.YES: True, Accepting.NO: False}


def physician(profile: Profile, conditions: list[Condition], url: str) -> Node:
    """A physician with the current places of work; ``url`` is the profile's page."""
    posts = profile.physician.listed_affiliations
    return _provider(PHYSICIAN, profile, conditions, url) | node(
        PHYSICIAN, practicesAt=[_workplace(affiliation.clinic) for affiliation in posts]
    )


def clinic(profile: Profile, conditions: list[Condition], url: str) -> Node:
    """A clinic, fetched ``with_details``: its addresses, departments and the physicians who work there."""
    team: list[Affiliation] = profile.clinic.team  # type: ignore[attr-defined]
    kind = clinic_type(profile.clinic)
    return _provider(kind, profile, conditions, url) | node(
        kind,
        **_addressed(profile.clinic),
        department=[_department(part) for part in profile.clinic.departments.all()],
        member=[_colleague(affiliation.physician) for affiliation in team],
    )


def clinic_type(shown: Clinic) -> str:
    return "Hospital" if shown.clinic_kind == ClinicKind.HOSPITAL else "MedicalClinic"


def _provider(kind: str | list[str], profile: Profile, conditions: list[Condition], url: str) -> Node:
    """What physicians and clinics have in common."""
    return node(
        kind,
        f"{url}#profile",
        name=profile.display_name,
        url=url,
        description=profile.focus,
        disambiguatingDescription=_sample_note(profile),
        image=absolute(profile.photo.src) if profile.photo else None,
        medicalSpecialty=specialties(list(profile.specialties.all())),
        availableService=therapies([offer.treatment for offer in profile.offers.all()]),
        knowsAbout=[reference("MedicalCondition", condition) for condition in conditions],
        knowsLanguage=list(profile.languages),
        isAcceptingNewPatients=ACCEPTS.get(Accepting(profile.accepting)),
        telephone=profile.phone,
        sameAs=profile.website,
        hasCertification=[_certification(certificate) for certificate in profile.certificates.all()],
    )


def _sample_note(profile: Profile) -> str:
    """What the banner on the page says, so that nobody takes an invented profile for a real one."""
    return _("This profile is invented. Names, numbers and addresses are not real.") if profile.is_sample else ""


def _workplace(shown: Clinic) -> Node:
    """A clinic on the page of somebody who works there."""
    locations = list(shown.locations.all())
    return node(
        clinic_type(shown),
        name=shown.display_name,
        url=absolute(shown.get_absolute_url()),
        address=[_address(location) for location in locations],
    )


def _colleague(shown: Profile) -> Node:
    return node(PHYSICIAN, name=shown.display_name, url=absolute(shown.get_absolute_url()))


def _addressed(shown: Clinic) -> Node:
    """The address of a clinic's only location, or all of its locations, each a place of its own."""
    locations = [_place(location) for location in shown.locations.all()]
    if len(locations) != 1:
        return {"location": locations}
    return {name: value for name, value in locations[0].items() if name not in ("@type", "name")}


def _place(location: Location) -> Node:
    return node(
        "Place",
        name=location.name,
        address=_address(location),
        geo=_coordinates(location),
        openingHoursSpecification=[_hours(hours) for hours in location.hours.all()],
    )


def _address(location: Location) -> Node:
    return node(
        "PostalAddress",
        streetAddress=location.street,
        postalCode=location.postcode,
        addressLocality=location.city,
        addressRegion=location.region,
        addressCountry=location.country,
    )


def _coordinates(location: Location) -> Node | None:
    if location.latitude is None:
        return None
    return node("GeoCoordinates", latitude=location.latitude, longitude=location.longitude)


def _hours(hours: OpeningHours) -> Node:
    return node(
        "OpeningHoursSpecification",
        dayOfWeek=member(WEEKDAYS[hours.weekday]),
        opens=hours.opens.isoformat("minutes"),
        closes=hours.closes.isoformat("minutes"),
    )


def _department(part: Department) -> Node:
    return node(
        "MedicalOrganization",
        name=part.name,
        telephone=part.phone,
        medicalSpecialty=specialties([part.specialty]) if part.specialty else None,
    )


def _certification(certificate: Certificate) -> Node:
    return node(
        "Certification",
        name=certificate.name,
        issuedBy=node("Organization", name=certificate.issuer),
        expires=certificate.valid_until.isoformat() if certificate.valid_until else None,
        url=certificate.url,
    )
