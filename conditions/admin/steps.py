"""What each step of the workflow asks for: a comment, the dates of the review, a time."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conditions import rules, workflow
from conditions.enums import Action
from conditions.html import WholeTextEditorField
from conditions.models import Revision


class StepForm(forms.Form):
    """A step that needs nothing but, if wanted, a comment for the history."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=_("For the history of the article."),
    )
    function: Any

    def take(self, revision: Revision, user: User) -> None:
        """Take the step; raises ValidationError when the workflow refuses it."""
        type(self).function(revision, user, comment=self.cleaned_data["comment"])

    def refuse(self, error: ValidationError) -> None:
        """Show the workflow's refusal beside the field it is about."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, reasons in by_field.items():
            for reason in reasons:
                self.add_error(name if name in self.fields else None, reason)


class SubmitForm(StepForm):
    function = staticmethod(workflow.submit)


class UnscheduleForm(StepForm):
    function = staticmethod(workflow.unschedule)


class PublishForm(StepForm):
    function = staticmethod(workflow.publish)


class ArchiveForm(StepForm):
    function = staticmethod(workflow.archive)


class SendBackForm(StepForm):
    comment = forms.CharField(
        label=_("What should change?"), widget=forms.Textarea(attrs={"rows": 5, "cols": 60}), strip=True
    )
    function = staticmethod(workflow.send_back)


class DiscardForm(forms.Form):
    refuse = StepForm.refuse

    def take(self, revision: Revision, user: User) -> None:
        workflow.discard(revision, user)


class RestoreForm(forms.Form):
    refuse = StepForm.refuse

    def take(self, revision: Revision, user: User) -> None:
        workflow.restore(revision, user)


class ApproveForm(StepForm):
    reviewed_on = forms.DateField(
        label=_("Medically reviewed on"), initial=timezone.localdate, widget=AdminDateWidget, required=False
    )
    review_due = forms.DateField(
        label=_("Next review due"),
        initial=lambda: timezone.localdate() + rules.REVIEW_INTERVAL,
        widget=AdminDateWidget,
        required=False,
    )
    field_order = ("reviewed_on", "review_due", "comment")

    def take(self, revision: Revision, user: User) -> None:
        given = self.cleaned_data
        review = rules.Review(reviewed_on=given["reviewed_on"], review_due=given["review_due"])
        workflow.approve(revision, user, review, given["comment"])


class NamedSplitDateTime(AdminSplitDateTime):
    """Django's two fields, which show the words “Date” and “Time” and do not label them with it."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = name


class ScheduleForm(StepForm):
    publish_at = forms.SplitDateTimeField(label=_("Publish at"), widget=NamedSplitDateTime)
    field_order = ("publish_at", "comment")

    def take(self, revision: Revision, user: User) -> None:
        workflow.schedule(revision, self.cleaned_data["publish_at"], user, self.cleaned_data["comment"])


STEP_FORMS: dict[Action, Any] = {
    Action.SUBMIT: SubmitForm,
    Action.SEND_BACK: SendBackForm,
    Action.APPROVE: ApproveForm,
    Action.SCHEDULE: ScheduleForm,
    Action.UNSCHEDULE: UnscheduleForm,
    Action.PUBLISH: PublishForm,
    Action.ARCHIVE: ArchiveForm,
    Action.RESTORE: RestoreForm,
    Action.DISCARD: DiscardForm,
}


class WholeTextForm(forms.Form):
    text = WholeTextEditorField(label=_("Text"))
