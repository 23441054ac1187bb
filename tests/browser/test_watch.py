"""The browser tests notice what they promise to notice: without this, a quiet test would prove nothing."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Complaints, OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
ADD_IMAGE = "const image = new Image(); image.src = 'http://localhost:9/dot.png'; document.body.append(image)"
ADD_SCRIPT = "const script = document.createElement('script'); script.text = '1'; document.body.append(script)"


def complaints_after(page: Page, complaints: Complaints, code: str, expected: str) -> list[str]:
    """What is found after running ``code``, up to ``expected``; then forgotten, or the test would fail for it."""
    page.evaluate(code)
    found: list[str] = []
    for _ in range(100):
        page.wait_for_timeout(50)
        found += [complaint.splitlines()[0] for complaint in complaints.found]
        complaints.found.clear()
        if any(complaint.startswith(expected) for complaint in found):
            break
    return found


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("console.error('A fault')", "console: A fault"),
        ("setTimeout(() => { throw new Error('A throw') })", "error: A throw"),
        ("document.body.setAttribute('style', 'color: red')", "console: Applying inline style violates"),
        (ADD_SCRIPT, "console: Executing inline script violates"),
        (ADD_IMAGE, "request: http://localhost:9/dot.png"),
        ("fetch('/en/nothing/')", "console: Failed to load resource: the server responded with a status of 404"),
    ],
)
def test_complaints_hold_every_kind_of_fault(
    open_page: OpenPage, complaints: Complaints, code: str, expected: str
) -> None:
    page = open_page("/en/")

    found = complaints_after(page, complaints, code, expected)

    assert [complaint for complaint in found if complaint.startswith(expected)] != [], found


def test_complaints_leave_warnings_and_expected_faults_alone(open_page: OpenPage, complaints: Complaints) -> None:
    page = open_page("/en/nothing/", status=404)

    found = complaints_after(
        page, complaints, "console.warn('A warning'); console.error('The end')", "console: The end"
    )

    assert found == ["console: The end ()"]
