"""Who may do what to a text in which state: the whole table, asked of the rules and really tried."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied, ValidationError

from conditions import rules, workflow
from conditions.enums import Action, RevisionStatus
from conditions.models import Article, Revision
from tests.conditions.texts import MAKERS, rows, statuses, tomorrow
from tests.factories import make_draft

pytestmark = pytest.mark.django_db

# Written out, not derived from the rules: this is the promise they are held to.
ROLES: dict[str, set[str]] = {
    "Author": {"edit", "discard", "submit", "restore"},
    "Medical reviewer": {"approve", "send-back"},
    "Publisher": {"send-back", "schedule", "unschedule", "publish", "archive"},
    "Directory editor": set(),
    "superuser": {*Action.values},
    "no role": set(),
}
# (action, state of the text) → the states of the article's texts afterwards. What is not here never works.
WORKS: dict[tuple[str, str], list[str]] = {
    ("edit", "draft"): ["draft"],
    ("edit", "in_review"): ["in_review"],
    ("edit", "approved"): ["approved"],
    ("edit", "scheduled"): ["scheduled"],
    ("edit", "published"): ["published", "draft"],
    ("edit", "archived"): ["archived", "draft"],
    ("discard", "draft"): [],
    ("submit", "draft"): ["in_review"],
    ("send-back", "in_review"): ["draft"],
    ("send-back", "approved"): ["draft"],
    ("send-back", "scheduled"): ["draft"],
    ("approve", "in_review"): ["approved"],
    ("schedule", "approved"): ["scheduled"],
    ("unschedule", "scheduled"): ["approved"],
    ("publish", "approved"): ["published"],
    ("publish", "scheduled"): ["published"],
    ("archive", "published"): ["archived"],
    ("restore", "archived"): ["archived", "draft"],
}
CALLS: dict[str, Callable[[Revision, User], Any]] = {
    "edit": lambda text, user: workflow.open_draft(text.article, user),
    "discard": workflow.discard,
    "submit": workflow.submit,
    "send-back": lambda text, user: workflow.send_back(text, user, "Please shorten it."),
    "approve": workflow.approve,
    "schedule": lambda text, user: workflow.schedule(text, tomorrow(), user),
    "unschedule": workflow.unschedule,
    "publish": workflow.publish,
    "archive": workflow.archive,
    "restore": workflow.restore,
}


def person(role: str, **values: Any) -> User:
    """Somebody with this role; without a password, as hashing it takes longer than the test."""
    user = User.objects.create(username="person", is_staff=True, is_superuser=role == "superuser", **values)
    user.groups.set(Group.objects.filter(name=role))
    assert user.groups.count() == (role not in ("superuser", "no role"))
    return user


def test_table_names_every_action_and_state():
    assert CALLS.keys() == {action for action, _status in WORKS} == set(Action.values)
    assert MAKERS.keys() == {status for _action, status in WORKS} == set(RevisionStatus.values)


def test_table_names_every_role():
    assert set(Group.objects.values_list("name", flat=True)) == ROLES.keys() - {"superuser", "no role"}


@pytest.mark.parametrize("status", MAKERS)
@pytest.mark.parametrize("role", ROLES)
def test_buttons_are_what_the_table_allows(role, status):
    text = MAKERS[status]()

    found = rules.allowed_actions(text, person(role))

    # Editing is asked of the article, not of one of its texts.
    buttons = ROLES[role] - {"edit"}
    assert found == [action for action in Action.values if action in buttons and (action, status) in WORKS]


@pytest.mark.parametrize("status", MAKERS)
@pytest.mark.parametrize("action", CALLS)
@pytest.mark.parametrize("role", ROLES)
def test_action_does_what_the_table_says(role, action, status):
    text, user = MAKERS[status](), person(role)
    before = rows()

    if action not in ROLES[role]:
        with pytest.raises(PermissionDenied):
            CALLS[action](text, user)
        assert rows() == before
    elif (action, status) not in WORKS:
        with pytest.raises(ValidationError):
            CALLS[action](text, user)
        assert rows() == before
    else:
        CALLS[action](text, user)
        assert [after for _number, after in statuses(text.article)] == WORKS[action, status]


@pytest.mark.parametrize("action", CALLS)
def test_closed_account_may_nothing(action):
    status = next(status for known, status in WORKS if known == action)
    text, user = MAKERS[status](), person("superuser", is_active=False)
    before = rows()

    with pytest.raises(PermissionDenied):
        CALLS[action](text, user)

    assert rules.allowed_actions(text, user) == []
    assert rows() == before


@pytest.mark.parametrize("action", Action.values)
def test_visitors_may_nothing_and_the_system_everything(action):
    assert not rules.has_permission(AnonymousUser(), action)
    assert rules.has_permission(None, action)


def test_roles_add_up():
    text, user = MAKERS["approved"](), person("Author")
    user.groups.add(Group.objects.get(name="Publisher"))

    assert rules.allowed_actions(text, user) == ["send-back", "schedule", "publish"]


@pytest.mark.parametrize("role", ["Medical reviewer", "Publisher", "Directory editor", "no role"])
def test_sections_are_added_by_authors_only(role):
    draft = make_draft()
    before = rows()

    with pytest.raises(PermissionDenied):
        workflow.add_sections(draft, [], person(role))

    assert rows() == before


def test_refused_draft_makes_no_revision():
    article = Article.objects.create(condition=make_draft().article.condition, language="de")

    with pytest.raises(PermissionDenied):
        workflow.open_draft(article, person("Publisher"))

    assert article.revisions.count() == 0


# What the roles may do besides: permission → the roles that have it

RESERVED = {
    "auth.change_user": set(),
    "auth.change_group": set(),
    "conditions.delete_article": set(),
    "conditions.delete_revision": set(),
    "conditions.change_transition": set(),
    "conditions.delete_transition": set(),
    "conditions.view_revision": {"Author", "Medical reviewer", "Publisher"},
    "conditions.change_revision": {"Author"},
    "conditions.change_section": {"Author"},
    "conditions.change_source": {"Author"},
    "conditions.change_condition": {"Publisher"},
    "redirects.change_redirect": {"Publisher"},
    "specialists.change_physician": {"Directory editor"},
    "specialists.change_clinic": {"Directory editor"},
    "specialists.delete_clinic": {"Directory editor"},
}


@pytest.mark.parametrize("permission", RESERVED)
def test_permission_belongs_to_these_roles(permission):
    label, codename = permission.split(".")

    holders = Group.objects.filter(permissions__content_type__app_label=label, permissions__codename=codename)

    assert set(holders.values_list("name", flat=True)) == RESERVED[permission]
