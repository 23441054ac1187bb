"""The fixed choices of profiles: who it is, whom they take, what they speak."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProfileKind(TextChoices):
    PHYSICIAN = "physician", _("Physician")
    CLINIC = "clinic", _("Clinic")


class ProfileStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    HIDDEN = "hidden", _("Hidden")


class ClinicKind(TextChoices):
    HOSPITAL = "hospital", _("Hospital")
    CENTRE = "centre", _("Outpatient centre")
    PRACTICE = "practice", _("Practice")


class Accepting(TextChoices):
    YES = "yes", _("Accepting new patients")
    NO = "no", _("Not accepting new patients")
    UNKNOWN = "unknown", _("Ask about new patients")


class Insurance(TextChoices):
    STATUTORY = "statutory", _("Statutory insurance")
    PRIVATE = "private", _("Private insurance")
    SELF_PAY = "self_pay", _("Paying yourself")


class Country(TextChoices):
    """ISO 3166-1 alpha-2."""

    AT = "AT", _("Austria")
    CH = "CH", _("Switzerland")
    DE = "DE", _("Germany")
    LI = "LI", _("Liechtenstein")
    US = "US", _("United States")


class Language(TextChoices):
    """ISO 639-1."""

    AR = "ar", _("Arabic")
    BG = "bg", _("Bulgarian")
    CS = "cs", _("Czech")
    DA = "da", _("Danish")
    DE = "de", _("German")
    EL = "el", _("Greek")
    EN = "en", _("English")
    ES = "es", _("Spanish")
    FA = "fa", _("Persian")
    FR = "fr", _("French")
    HE = "he", _("Hebrew")
    HR = "hr", _("Croatian")
    HU = "hu", _("Hungarian")
    IT = "it", _("Italian")
    JA = "ja", _("Japanese")
    KU = "ku", _("Kurdish")
    NL = "nl", _("Dutch")
    PL = "pl", _("Polish")
    PT = "pt", _("Portuguese")
    RO = "ro", _("Romanian")
    RU = "ru", _("Russian")
    SK = "sk", _("Slovak")
    SQ = "sq", _("Albanian")
    SR = "sr", _("Serbian")
    TR = "tr", _("Turkish")
    UK = "uk", _("Ukrainian")
    ZH = "zh", _("Chinese")


class Sort(TextChoices):
    NAME = "name", _("Name, A to Z")
    VERIFIED = "verified", _("Most recently verified")
    DISTANCE = "distance", _("Distance")
