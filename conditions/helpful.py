"""“Was this helpful?” without knowing who answers: what is asked, what is refused, and what editors learn of it.

Visitors have no cookies, so there is no token against forged forms. Instead a browser must say that the form came from
this site; programs are kept off by a field no person sees, and by a limit for each process.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conditions.models import Article, HelpfulVote, Revision
from conditions.models.votes import COMMENT_LENGTH

YES, NO = "yes", "no"
COMMENTS_SHOWN = 20


class CommentField(forms.CharField):
    def to_python(self, value: Any) -> str:
        """Browsers count a line's end as one letter and send it as two."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class HelpfulForm(forms.Form):
    answer = forms.ChoiceField(
        choices=[(YES, _("Yes")), (NO, _("No"))], error_messages={"required": _("Choose Yes or No.")}
    )
    comment = CommentField(required=False, max_length=COMMENT_LENGTH)
    revision = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    # No person sees this; programs that fill everything in give themselves away.
    website = forms.CharField(required=False)

    @property
    def is_by_a_program(self) -> bool:
        return bool(self.cleaned_data["website"])


@dataclass
class Limit:
    """At most ``most`` in any ``seconds`` for the whole process: nothing is remembered about who they came from."""

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    taken: deque[float] = field(default_factory=deque)
    lock: Lock = field(default_factory=Lock)

    def take(self) -> bool:
        """Whether there is room for one more, which is then taken."""
        now = self.clock()
        with self.lock:
            while self.taken and self.taken[0] <= now - self.seconds:
                self.taken.popleft()
            if len(self.taken) >= self.most:
                return False
            self.taken.append(now)
            return True


limit = Limit(most=30, seconds=60)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that the form was on a page of this site. One that says nothing is not believed."""
    if (fetch_site := request.headers.get("Sec-Fetch-Site")) is not None:
        return fetch_site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        # The scheme is left out: TLS may end at a proxy.
        return urlsplit(source).netloc == request.get_host()
    except ValueError:
        return False


def published_revision(slug: str, pk: int) -> Revision | None:
    """The text that was voted on: it is public or was so until a moment ago, and belongs to this condition."""
    readable = Revision.objects.filter(published_at__isnull=False, article__condition__is_published=True)
    return readable.filter(pk=pk, article__condition__slug=slug).first()


def keep(revision: Revision, form: HelpfulForm) -> HelpfulVote:
    """Store a valid answer."""
    data = form.cleaned_data
    return HelpfulVote.objects.create(revision=revision, is_helpful=data["answer"] == YES, comment=data["comment"])


def answers(article: Article) -> dict[str, Any]:
    """For editors: (number, yes, no) of each revision that was answered about, and the last comments."""
    votes = HelpfulVote.objects.filter(revision__article=article)
    counts = votes.values_list("revision__number").order_by("-revision__number")
    commented = votes.exclude(comment="").select_related("revision")
    return {
        "counts": list(counts.annotate(yes=Count("pk", Q(is_helpful=True)), no=Count("pk", Q(is_helpful=False)))),
        "comments": list(commented[:COMMENTS_SHOWN]),
    }
