"""The editors' own pages under axe-core: nothing serious or critical in what our templates show."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page

from conditions import kept, workflow
from conditions.models import Article, Section
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.editorial import make_people, signed_in

# Committed, so that the server sees it; everything is deleted after each test.
pytestmark = pytest.mark.django_db(transaction=True)
# What our templates show of Django's pages.
PARTS = {
    "dashboard": "#queues",
    "article": "section.workflow",
    "draft": ".revision-state",
}
SERIOUS = ("serious", "critical")


@pytest.fixture
def addresses() -> dict[str, str]:
    """Name of the page → its address, with something to show on each."""
    make_people()
    first = factories.make_published(factories.make_condition("Liver metastases"))
    article: Article = first.article
    draft = workflow.open_draft(article)
    kept_text = kept.keep_revision(draft, User.objects.get(username="author"))
    changed = [
        Section(heading="What is this?", body="<p>Another text.</p><ul><li>A point</li></ul>"),
        Section(heading="What helps?", body="<p>An operation.</p>"),
    ]
    workflow.write_draft(draft, {"teaser": "In other words."}, changed, [])
    waiting = factories.make_in_review(factories.make_condition("Gallstones"))
    workflow.send_back(factories.make_in_review(factories.make_condition("Hernia")), comment="Name the sources.")
    approved = factories.make_approved(factories.make_condition("Melanoma"))
    revisions = "/admin/conditions/revision"
    pages = f"/admin/conditions/article/{article.pk}"
    return {
        "dashboard": "/admin/",
        "article": f"{pages}/change/",
        "draft": f"{revisions}/{draft.pk}/change/",
        "kept": f"{pages}/kept/{kept_text.pk}/",
        "compare": f"{pages}/compare/?old=1&new=2",
        "whole text": f"{revisions}/{draft.pk}/whole-text/",
        "missing": f"{revisions}/{draft.pk}/submit/",
        "send back": f"{revisions}/{waiting.pk}/send-back/",
        "approve": f"{revisions}/{waiting.pk}/approve/",
        "schedule": f"{revisions}/{approved.pk}/schedule/",
        "not possible": f"{revisions}/{approved.pk}/approve/",
    }


def serious_faults(page: Page, part: str) -> list[str]:
    # Loading the style sheets once more would put them inline, which the policy refuses.
    options = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, context=part, options=options).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:160]} | {' '.join(node['failureSummary'].split())}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: OpenPage, addresses: dict[str, str], scheme: str) -> None:
    page = signed_in(open_page, "admin", "/admin/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}

    for name, address in addresses.items():
        page.goto(address)
        part = PARTS.get(name, "#content")
        assert page.locator(part).count() == 1, name
        found[name] = serious_faults(page, part)

    assert found == {name: [] for name in addresses}


def test_axe_would_find_something(open_page: OpenPage, addresses: dict[str, str]) -> None:
    page = signed_in(open_page, "admin", addresses["article"])
    page.locator("section.workflow input[type=radio]").first.evaluate("field => field.removeAttribute('aria-label')")

    faults = serious_faults(page, PARTS["article"])

    assert [fault.partition(":")[0] for fault in faults] == ["label"]
