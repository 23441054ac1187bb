"""What holds for every test."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A request leaves its language behind, which would be that of the next test's own addresses and words."""
    yield
    translation.deactivate()
