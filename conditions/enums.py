"""The fixed choices of medical knowledge: what a treatment is, where a condition sits, what a section tells."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TreatmentKind(TextChoices):
    SURGERY = "surgery", _("Surgery")
    ABLATION = "ablation", _("Ablation (destroying tissue with heat, cold or current)")
    CATHETER = "catheter", _("Through a catheter")
    RADIOTHERAPY = "radiotherapy", _("Radiotherapy")
    MEDICINE = "medicine", _("Medicines")
    ENDOSCOPY = "endoscopy", _("Endoscopy")
    SUPPORTIVE = "supportive", _("Supportive care")


class BodyArea(TextChoices):
    LIVER = "liver", _("Liver")
    BILE_DUCTS = "bile-ducts", _("Bile ducts and gallbladder")
    PANCREAS = "pancreas", _("Pancreas")
    BOWEL = "bowel", _("Bowel")
    STOMACH = "stomach", _("Stomach")
    OESOPHAGUS = "oesophagus", _("Oesophagus (gullet)")
    BREAST = "breast", _("Breast")
    LUNG = "lung", _("Lung")
    KIDNEY = "kidney", _("Kidney")
    PROSTATE = "prostate", _("Prostate")
    OVARY = "ovary", _("Ovary")
    SKIN = "skin", _("Skin")
    BRAIN = "brain", _("Brain and nerves")
    BONE = "bone", _("Bone")
    ABDOMEN = "abdomen", _("Abdomen")
    HORMONE_SYSTEM = "hormone-system", _("Hormone system")
    OTHER = "other", _("Other or several")


class HealthAspect(TextChoices):
    """What a section is about, after HealthAspectEnumeration of schema.org."""

    OVERVIEW = "overview", _("Overview")
    CAUSES = "causes", _("Causes")
    SYMPTOMS = "symptoms", _("Symptoms")
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    TREATMENT = "treatment", _("Treatment")
    PROGNOSIS = "prognosis", _("Outlook")
    LIVING = "living", _("Living with it")
    PREVENTION = "prevention", _("Prevention")
    SPECIALISTS = "specialists", _("Who treats it")


class RevisionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


OPEN_STATUSES = (
    RevisionStatus.DRAFT,
    RevisionStatus.IN_REVIEW,
    RevisionStatus.APPROVED,
    RevisionStatus.SCHEDULED,
)


class Action(TextChoices):
    """What can be done to a text; each is one function in workflow.py and one entry in the history."""

    EDIT = "edit", _("Begin a draft")
    DISCARD = "discard", _("Discard the draft")
    SUBMIT = "submit", _("Send to review")
    SEND_BACK = "send-back", _("Send back")
    APPROVE = "approve", _("Approve")
    SCHEDULE = "schedule", _("Schedule")
    UNSCHEDULE = "unschedule", _("Cancel the schedule")
    PUBLISH = "publish", _("Publish")
    ARCHIVE = "archive", _("Take off the site")
    RESTORE = "restore", _("Restore as a draft")
