"""Uploaded pictures: hostile files are refused and leave nothing, good ones are re-encoded without their data."""

import uuid
from contextlib import suppress
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw
from PIL.TiffImagePlugin import IFDRational

from conditions import pictures
from conditions.models import Picture, Section
from tests.conditions.uploads import BLUE, HOSTILE, RED, SCRIPT, encoded, files_in, photo, png_header
from tests.factories import make_draft

UNREADABLE = "This is not a readable JPEG, PNG or WebP picture."


def rendered(upload: bytes) -> dict[int, Image.Image]:
    """Width → decoded rendition."""
    renditions = pictures.render(BytesIO(upload))
    return {width: Image.open(BytesIO(content)) for width, content in renditions.files.items()}


def largest(upload: bytes) -> Image.Image:
    images = rendered(upload)
    return images[max(images)]


def is_like(colour: object, expected: tuple[int, int, int]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(channel - wanted) < 25 for channel, wanted in zip(colour[:3], expected, strict=True))


# Refused


@pytest.mark.parametrize("name", HOSTILE)
def test_render_refuses_what_is_no_picture(media, name):
    with pytest.raises(ValidationError) as refusal:
        pictures.render(BytesIO(HOSTILE[name]()))

    assert (refusal.value.code, refusal.value.messages) == ("invalid_image", [UNREADABLE])
    assert files_in(media) == []


@pytest.mark.parametrize(
    ("width", "height", "message"),
    [
        (12_000, 12_000, "The picture has 144 megapixels; 40 are allowed."),
        (8_000, 5_001, "The picture has 40 megapixels; 40 are allowed."),
        (250_001, 160, "The picture has 40 megapixels; 40 are allowed."),
        (160, 250_001, "The picture has 40 megapixels; 40 are allowed."),
    ],
)
def test_render_refuses_bombs_by_their_header(width, height, message):
    """There are no pixels behind the header: had they been asked for, the file were unreadable."""
    with pytest.raises(ValidationError) as refusal:
        pictures.render(BytesIO(png_header(width, height)))

    assert (refusal.value.code, refusal.value.messages) == ("too_many_pixels", [message])


@pytest.mark.parametrize(("width", "height"), [(159, 400), (400, 159), (2, 1)])
def test_render_refuses_small_pictures(width, height):
    with pytest.raises(ValidationError) as refusal:
        pictures.render(BytesIO(photo(width, height)))

    assert refusal.value.code == "too_small"
    assert refusal.value.messages == ["Each side of the picture must have at least 160 pixels."]


def test_render_refuses_more_than_15_mb():
    upload = photo().ljust(15 * 1024 * 1024, b"\0")

    assert pictures.render(BytesIO(upload)).width == 400
    with pytest.raises(ValidationError) as refusal:
        pictures.render(BytesIO(upload + b"\0"))

    assert (refusal.value.code, refusal.value.messages) == ("too_large", ["The file is larger than 15 MB."])


@hypothesis_settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_render_of_damaged_files_is_a_picture_or_a_refusal(file_format, damage):
    upload = bytearray(photo(200, 170, file_format))
    for position, value in damage:
        upload[position % len(upload)] = value

    with suppress(ValidationError):
        assert largest(bytes(upload)).format == "WEBP"


@pytest.mark.parametrize(("width", "height"), [(300, 17_000), (20_000, 300), (200, 2001), (2001, 200)])
def test_render_refuses_pictures_that_are_too_long(width, height):
    """WebP ends at 16,383 pixels a side."""
    with pytest.raises(ValidationError) as refusal:
        pictures.render(BytesIO(png_header(width, height)))

    assert (refusal.value.code, refusal.value.messages) == ("too_long", ["The picture is too long for its other side."])


@pytest.mark.parametrize(("width", "height", "size"), [(1700, 17_000, (1600, 16_000)), (2000, 200, (1600, 160))])
def test_render_takes_the_longest_pictures(width, height, size):
    assert largest(encoded(Image.new("1", (width, height)), "PNG")).size == size


# Renditions


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (160, [160]),
        (319, [319]),
        (320, [320]),
        (321, [320, 321]),
        (700, [320, 640, 700]),
        (1600, [320, 640, 960, 1280, 1600]),
        (1601, [320, 640, 960, 1280, 1600]),
        (2400, [320, 640, 960, 1280, 1600]),
    ],
)
def test_render_sizes(width, widths):
    renditions = pictures.render(BytesIO(photo(width, width // 2 + 160)))

    assert list(renditions.files) == widths
    sizes = {at: Image.open(BytesIO(content)).size for at, content in renditions.files.items()}
    assert sizes == {at: (at, round((width // 2 + 160) * at / width)) for at in widths}
    assert (renditions.width, renditions.height) == sizes[widths[-1]]


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_render_keeps_what_is_seen(file_format):
    for image in rendered(photo(700, 400, file_format)).values():
        assert (image.format, image.mode) == ("WEBP", "RGB")
        assert is_like(image.getpixel((20, 20)), RED)
        assert is_like(image.getpixel((image.width - 20, 20)), BLUE)


@pytest.mark.parametrize(
    ("mode", "file_format"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("L", "PNG"), ("P", "PNG"), ("I;16", "PNG"), ("L", "WEBP")],
)
def test_render_keeps_grey_in_every_mode(mode, file_format):
    """Scans come in all of them: 16 bits a pixel are usual for X-rays."""
    grey = Image.new("L", (300, 300), 128)
    image = Image.new("I;16", grey.size, 128 * 257) if mode == "I;16" else grey.convert(mode)

    shown = largest(encoded(image, file_format))

    assert shown.mode == "RGB"
    assert is_like(shown.getpixel((150, 150)), (128, 128, 128))


@pytest.mark.parametrize(("file_format", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA"), ("PNG", "P")])
def test_render_keeps_transparency(file_format, mode):
    image = Image.new("RGBA", (300, 300), (*RED, 255))
    ImageDraw.Draw(image).rectangle((0, 0, 149, 300), fill=(0, 0, 0, 0))

    shown = largest(encoded(image.convert(mode), file_format))

    assert shown.mode == "RGBA"
    assert shown.getpixel((20, 150))[3] == 0
    assert shown.getpixel((280, 150))[3] == 255


def test_render_turns_the_picture_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # The top of the picture is at the right: turn clockwise.

    shown = largest(photo(400, 200, exif=exif))

    assert shown.size == (200, 400)
    assert is_like(shown.getpixel((100, 20)), RED)
    assert is_like(shown.getpixel((100, 380)), BLUE)


def test_render_of_a_photo_with_two_frames_shows_the_first():
    """Telephones add a second frame for depth, which makes the JPEG an MPO."""
    frames = [Image.new("RGB", (400, 300), colour) for colour in (RED, BLUE)]

    shown = largest(encoded(frames[0], "MPO", save_all=True, append_images=frames[1:]))

    assert is_like(shown.getpixel((200, 150)), RED)


def test_render_leaves_all_metadata_behind():
    exif = Image.Exif()
    exif[0x010E] = "Ward 7, Mrs Example"
    exif.get_ifd(0x8825)[2] = (IFDRational(49), IFDRational(24), IFDRational(30))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    upload = photo(exif=exif, icc_profile=profile, comment=b"secret comment", xmp=b"<x:xmpmeta>secret</x:xmpmeta>")
    assert dict(Image.open(BytesIO(upload)).getexif().get_ifd(0x8825)) != {}
    assert b"Mrs Example" in upload

    files = pictures.render(BytesIO(upload)).files

    for content in files.values():
        assert dict(Image.open(BytesIO(content)).getexif()) == {}
        assert {"exif", "xmp", "icc_profile", "comment"} & Image.open(BytesIO(content)).info.keys() == set()
        assert [secret for secret in (b"Mrs Example", b"secret", b"Exif", b"ICCP") if secret in content] == []


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_render_drops_what_is_hidden_in_a_picture(file_format):
    """A polyglot: also an archive or a script to who wants to read it so."""
    upload = photo(file_format=file_format) + b"PK\x03\x04" + SCRIPT

    for content in pictures.render(BytesIO(upload)).files.values():
        assert SCRIPT not in content
        assert b"PK\x03\x04" not in content


# Storing and removing


@pytest.mark.django_db
def test_store_writes_the_files_and_the_row(media):
    picture = Picture(alt="A liver")

    pictures.store(picture, pictures.render(BytesIO(photo(700, 400))))

    stored = Picture.objects.get()
    assert (stored.width, stored.height, stored.widths) == (700, 400, [320, 640, 700])
    folder = media / "media" / "pictures" / str(stored.uid)
    assert sorted(files_in(media)) == sorted(folder / f"{width}.webp" for width in (320, 640, 700))
    assert {Image.open(BytesIO(path.read_bytes())).width for path in files_in(media)} == {320, 640, 700}


@pytest.mark.django_db
def test_picture_addresses(media):
    picture = Picture(alt="A liver", uid=uuid.UUID(int=7))
    pictures.store(picture, pictures.render(BytesIO(photo(700, 400))))

    folder = "/media/pictures/00000000-0000-0000-0000-000000000007"
    assert picture.src == f"{folder}/640.webp"
    assert picture.srcset == f"{folder}/320.webp 320w, {folder}/640.webp 640w, {folder}/700.webp 700w"


@pytest.mark.django_db
def test_stored_picture_is_served(client, media):
    picture = Picture(alt="A liver")
    pictures.store(picture, pictures.render(BytesIO(photo())))

    response = client.get(picture.src)

    assert response["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(b"".join(response.streaming_content))).size == (400, 300)
    response.close()


@pytest.mark.django_db
def test_store_deletes_the_files_when_the_row_is_refused(media):
    with pytest.raises(IntegrityError, match="picture_has_alt"):
        pictures.store(Picture(alt=""), pictures.render(BytesIO(photo(700, 400))))

    assert files_in(media) == []
    assert Picture.objects.count() == 0


@pytest.mark.django_db
def test_store_deletes_the_files_when_the_disk_is_full(media, monkeypatch):
    save, calls = default_storage.save, []

    def failing_save(name: str, content: object) -> str:
        calls.append(name)
        if len(calls) == 3:
            raise OSError("No space left on device")
        return save(name, content)

    monkeypatch.setattr(default_storage, "save", failing_save)

    with pytest.raises(OSError, match="No space left"):
        pictures.store(Picture(alt="A liver"), pictures.render(BytesIO(photo(700, 400))))

    assert len(calls) == 3
    assert files_in(media) == []
    assert Picture.objects.count() == 0


@pytest.mark.django_db
def test_remove_deletes_the_files_with_the_commit(media, django_capture_on_commit_callbacks):
    kept, picture = Picture(alt="Kept"), Picture(alt="A liver")
    for stored in (kept, picture):
        pictures.store(stored, pictures.render(BytesIO(photo())))

    with django_capture_on_commit_callbacks() as callbacks:
        pictures.remove(picture)

    assert list(Picture.objects.all()) == [kept]
    assert len(files_in(media)) == 4
    for callback in callbacks:
        callback()
    assert {path.parent.name for path in files_in(media)} == {str(kept.uid)}


@pytest.mark.django_db(transaction=True)
def test_remove_that_is_rolled_back_keeps_the_files(media):
    picture = Picture(alt="A liver")
    pictures.store(picture, pictures.render(BytesIO(photo())))

    with transaction.atomic():
        pictures.remove(Picture.objects.get())
        transaction.set_rollback(True)
    assert len(files_in(media)) == 2

    pictures.remove(Picture.objects.get())
    assert files_in(media) == []


@pytest.mark.django_db
def test_remove_of_a_picture_in_use_is_refused(media, django_capture_on_commit_callbacks):
    picture = Picture(alt="A liver")
    pictures.store(picture, pictures.render(BytesIO(photo())))
    Section.objects.create(revision=make_draft(), heading="?", picture=picture)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ProtectedError):
        pictures.remove(picture)

    assert Picture.objects.count() == 1
    assert len(files_in(media)) == 2
