"""Admin of pictures: an upload is checked before anything is kept, and a deleted picture takes its files along."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from conditions.models import Picture, Section
from tests.conditions.admin_forms import change_url, errors, page_url, signed_in, submit
from tests.conditions.uploads import HOSTILE, files_in, photo, png_header
from tests.factories import make_draft
from tests.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

ADD = "/admin/conditions/picture/add/"
UNREADABLE = "This is not a readable JPEG, PNG or WebP picture."
REFUSED = {
    **dict.fromkeys(sorted(HOSTILE.keys() - {"nothing"}), UNREADABLE),
    "nothing": "The submitted file is empty.",
    "bomb": "The picture has 144 megapixels; 40 are allowed.",
    "too small": "Each side of the picture must have at least 160 pixels.",
    "too large": "The file is larger than 15 MB.",
}
FILES = {
    **HOSTILE,
    "bomb": lambda: png_header(12_000, 12_000),
    "too small": lambda: photo(159, 400),
    "too large": lambda: photo().ljust(15 * 1024 * 1024 + 1, b"\0"),
}


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def add_picture(client, **values: object) -> Picture:
    client.post(ADD, {"alt": "A liver", "upload": upload(photo()), **values})
    return Picture.objects.get()


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_upload_gives_an_error_and_leaves_nothing(admin_client, media, name):
    response = admin_client.post(ADD, {"alt": "A liver", "upload": upload(FILES[name]())})

    assert errors(response) == {"upload": [REFUSED[name]]}
    assert REFUSED[name] in read(response).text
    assert Picture.objects.count() == 0
    response.wsgi_request.close()
    assert files_in(media) == []


def test_upload_is_stored_in_several_sizes(admin_client, media):
    values = {"alt": "A liver", "caption": "From the front", "credit": "Own work"}

    response = submit(admin_client, ADD, **values, upload=upload(photo(700, 400, "PNG"), "../../photo.php"))

    picture = Picture.objects.get()
    assert response["Location"] == page_url(Picture, "changelist")
    assert (picture.alt, picture.caption, picture.credit) == ("A liver", "From the front", "Own work")
    assert (picture.width, picture.height, picture.widths) == (700, 400, [320, 640, 700])
    folder = media / "media" / "pictures" / str(picture.uid)
    assert sorted(files_in(media)) == sorted(folder / f"{width}.webp" for width in (320, 640, 700))
    assert Image.open(BytesIO((folder / "320.webp").read_bytes())).size == (320, 183)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"alt": "", "upload": photo()}, {"alt": ["This field is required."]}),
        ({"alt": "  ", "upload": photo()}, {"alt": ["This field is required."]}),
        ({"alt": "A liver"}, {"upload": ["This field is required."]}),
        (
            {"alt": "x" * 301, "upload": photo()},
            {"alt": ["Ensure this value has at most 300 characters (it has 301)."]},
        ),
    ],
    ids=["no alternative", "blank alternative", "no file", "long alternative"],
)
def test_incomplete_picture_gives_an_error_and_leaves_nothing(admin_client, media, values, refused):
    if "upload" in values:
        values = {**values, "upload": upload(values["upload"])}

    response = admin_client.post(ADD, values)

    assert errors(response) == refused
    assert (Picture.objects.count(), files_in(media)) == (0, [])


def test_list_and_page_show_the_picture(admin_client):
    picture = add_picture(admin_client)

    for url in (page_url(Picture, "changelist"), change_url(picture)):
        assert picture.src in {attributes["src"] for attributes in read(admin_client.get(url)).all("img")}


def test_words_can_change_but_the_image_cannot(admin_client, media):
    picture = add_picture(admin_client)
    before = {path: path.read_bytes() for path in files_in(media)}

    submit(admin_client, change_url(picture), alt="The liver from below", upload=upload(photo(900, 600)))

    picture.refresh_from_db()
    assert (picture.alt, picture.width) == ("The liver from below", 400)
    assert {path: path.read_bytes() for path in files_in(media)} == before


def test_deleted_picture_takes_its_files_along(admin_client, media, django_capture_on_commit_callbacks):
    picture = add_picture(admin_client)
    assert len(files_in(media)) == 2

    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(page_url(Picture, "delete", picture.pk), {"post": "yes"})

    assert (Picture.objects.count(), files_in(media)) == (0, [])


def test_deleting_several_pictures_takes_their_files_along(admin_client, media, django_capture_on_commit_callbacks):
    for number in range(3):
        admin_client.post(ADD, {"alt": f"Picture {number}", "upload": upload(photo())})
    kept, *chosen = Picture.objects.values_list("pk", flat=True)

    with django_capture_on_commit_callbacks(execute=True):
        data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        admin_client.post(page_url(Picture, "changelist"), data)

    picture = Picture.objects.get()
    assert picture.pk == kept
    assert {path.parent.name for path in files_in(media)} == {str(picture.uid)}


def test_picture_in_use_cannot_be_deleted(admin_client, media, django_capture_on_commit_callbacks):
    picture = add_picture(admin_client)
    Section.objects.create(revision=make_draft(), heading="?", picture=picture)

    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(page_url(Picture, "delete", picture.pk), {"post": "yes"})

    assert "would require deleting the following protected related objects" in read(response).text
    assert (Picture.objects.count(), len(files_in(media))) == (1, 2)


def test_upload_without_permission_leaves_nothing(media):
    response = signed_in("view_picture").post(ADD, {"alt": "A liver", "upload": upload(photo())})

    assert response.status_code == 403
    assert (Picture.objects.count(), files_in(media)) == (0, [])
