"""Uploaded images: refuse what is not a picture, re-encode what is, keep nothing of the upload itself."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from conditions.models.pictures import Picture

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 160
# At 1600 pixels across, a picture ten times as long stays below the 16383 pixels that WebP can hold.
MAX_PROPORTION = 10
WIDTHS = (320, 640, 960, 1280, 1600)
WEBP_QUALITY = 80


@dataclass(frozen=True)
class Renditions:
    """One image in several sizes: the largest size in pixels, and width in pixels → WebP bytes."""

    width: int
    height: int
    files: dict[int, bytes]


def render(upload: IO[bytes]) -> Renditions:
    """Decode ``upload`` and encode it anew as WebP in up to five widths, upright and without metadata.

    Raises ValidationError with a message for the editor when the file is too large, not one of ``FORMATS``,
    damaged, or has more than ``MAX_PIXELS`` pixels (checked before anything is decoded).
    """
    image = _decode(upload)
    widths = [width for width in WIDTHS if width < image.width] + [min(image.width, WIDTHS[-1])]
    files = {}
    for width in sorted(set(widths)):
        size = (width, max(1, round(image.height * width / image.width)))
        buffer = BytesIO()
        image.resize(size, Image.Resampling.LANCZOS).save(buffer, "WEBP", quality=WEBP_QUALITY, method=4)
        files[width] = buffer.getvalue()
    largest = max(files)
    return Renditions(largest, max(1, round(image.height * largest / image.width)), files)


def _decode(upload: IO[bytes]) -> Image.Image:
    """The upright picture in RGB or RGBA, holding nothing but its pixels."""
    upload.seek(0, 2)
    if upload.tell() > MAX_BYTES:
        raise ValidationError(_("The file is larger than 15 MB."), code="too_large")
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow only warns of moderately large bombs; ours is the stricter cap, checked on the header.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
        _check_size(image)
        image.load()
        upright = _in_bytes(ImageOps.exif_transpose(image))
        has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        pixels = upright.convert("RGBA" if has_alpha else "RGB")
    except ValidationError:
        raise
    except Exception as error:
        # Decoders raise almost anything on hostile input (OSError, SyntaxError, struct.error, ValueError …).
        raise ValidationError(_("This is not a readable JPEG, PNG or WebP picture."), code="invalid_image") from error
    pixels.info.clear()
    return pixels


def _in_bytes(image: Image.Image) -> Image.Image:
    """Greys of 16 bits brought down to 8; Pillow's own conversion would clip all but the darkest to white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ValidationError(
            _("The picture has %(pixels)s megapixels; 40 are allowed."),
            code="too_many_pixels",
            params={"pixels": width * height // 1_000_000},
        )
    if max(width, height) > MAX_PROPORTION * min(width, height):
        raise ValidationError(_("The picture is too long for its other side."), code="too_long")
    if min(width, height) < MIN_SIDE:
        raise ValidationError(_("Each side of the picture must have at least 160 pixels."), code="too_small")


@transaction.atomic
def store(picture: Picture, renditions: Renditions) -> None:
    """Write the files of a new picture, then its row; when the row cannot be written, the files go again."""
    picture.width, picture.height = renditions.width, renditions.height
    picture.widths = sorted(renditions.files)
    written: list[str] = []
    try:
        for width, content in renditions.files.items():
            written.append(default_storage.save(picture.rendition_name(width), ContentFile(content)))
        picture.save()
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def remove(picture: Picture) -> None:
    """Delete the row, and the files once that is committed."""
    names = [picture.rendition_name(width) for width in picture.widths]
    with transaction.atomic():
        picture.delete()
        transaction.on_commit(lambda: _delete_files(names))


def _delete_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
