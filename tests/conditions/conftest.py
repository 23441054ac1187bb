"""What several tests of conditions start from."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def admin_client(db) -> Client:
    """The browser of a superuser; one without a password, as hashing it takes longer than most tests."""
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    return client


@pytest.fixture
def media(settings, tmp_path) -> Path:
    """An empty folder that takes all uploads, on their way too."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path
