"""The picture that messengers and networks show beside a link: the page's title on the site's own paper.

Drawn by Pillow when somebody asks, 1200 × 630 pixels, without any font from elsewhere: DejaVu where the machine has
it, otherwise the one within Pillow, which knows hardly more than ASCII.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageDraw, ImageFont

from conditions import names
from conditions.models import Condition, Specialty, Treatment
from specialists.models import Profile

WIDTH, HEIGHT = 1200, 630
MARGIN = 90
# The tokens of static/css/tokens.css: page, text, text-quiet, accent, and the dot of the mark.
PAPER, INK, QUIET, TEAL, CLAY = "#fdfbf7", "#1b2a2d", "#49585b", "#0f5c63", "#f0c9a8"
TITLE_FONT, TEXT_FONT = "DejaVuSerif-Bold.ttf", "DejaVuSans.ttf"
# The largest size at which the title fits is taken; pixels.
TITLE_SIZES = (92, 80, 68, 56)
TEXT_SIZE = 34
MOST_LINES = 4
LINE = 1.2
# Letters are smooth with so many shades, and the file stays small.
COLOURS = 48
# Pictures that a process remembers, some 15 kB each.
KEPT = 64
# What the font within Pillow lacks and names.transliterate leaves.
TYPOGRAPHY = str.maketrans({"–": "-", "—": "-", "„": '"', "\N{NO-BREAK SPACE}": " "})

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont | ImageFont.TransposedFont


@dataclass(frozen=True)
class Words:
    """What stands on a picture: a small line, the title, and the site's name at the foot."""

    over: str
    title: str
    foot: str


def picture_url(shown: tuple[str, str] | None) -> str:
    """The address of the picture of a page, (kind, slug); of the site's own without."""
    return reverse("social_picture", args=shown) if shown else reverse("site_picture")


def site_words() -> Words:
    return Words("", _("Understand the diagnosis. Find who treats it."), settings.SITE_NAME)


def words(kind: str, slug: str) -> Words:
    """What stands on the picture of a public page; raises Http404 when there is no such page."""
    if kind not in PUBLIC:
        raise Http404
    shown = PUBLIC[kind]().filter(slug=slug).first()
    if shown is None:
        raise Http404
    if isinstance(shown, Profile):
        return Words(_("Specialists"), shown.display_name, settings.SITE_NAME)
    return Words(str(OVER[kind]), shown.local.name, settings.SITE_NAME)


# Kind of page → the rows that have a public page.
PUBLIC: dict[str, Any] = {
    "condition": Condition.objects.published,
    "treatment": Treatment.objects.all,
    "specialty": Specialty.objects.all,
    "specialist": Profile.objects.published,
}
OVER = {
    "condition": gettext_lazy("Patient information and specialists"),
    "treatment": gettext_lazy("Treatment"),
    "specialty": gettext_lazy("Specialty"),
}


@lru_cache(maxsize=KEPT)
def drawn(text: Words) -> bytes:
    """The picture as PNG, at most 30 kB."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 14), fill=TEAL)
    small = font(TEXT_FONT, TEXT_SIZE)
    draw.text((MARGIN, 80), legible(text.over), fill=QUIET, font=small)
    title, lines, size = fitted(draw, legible(text.title))
    draw.multiline_text((MARGIN, 150), "\n".join(lines), fill=INK, font=title, spacing=size * (LINE - 1))
    draw_mark(draw, MARGIN, HEIGHT - 130, 64)
    draw.text((MARGIN + 88, HEIGHT - 98), legible(text.foot), fill=TEAL, font=small, anchor="lm")
    return as_png(image)


def as_png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


@lru_cache(maxsize=len(TITLE_SIZES) + 1)
def font(name: str, size: int) -> Font:
    """The font of the machine, or the one within Pillow."""
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return ImageFont.load_default(size)


@lru_cache(maxsize=1)
def has_all_letters() -> bool:
    try:
        ImageFont.truetype(TITLE_FONT)
    except OSError:
        return False
    return True


def legible(text: str) -> str:
    """``text`` in letters that the font has, without line breaks and marks that turn its direction."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain if has_all_letters() else names.transliterate(plain).translate(TYPOGRAPHY)


def fitted(draw: ImageDraw.ImageDraw, title: str) -> tuple[Font, list[str], int]:
    """The largest font in which the title has room, with its lines; the smallest cuts what is too long."""
    for size in TITLE_SIZES:
        large = font(TITLE_FONT, size)
        lines = wrapped(draw, title, large)
        if len(lines) * size * LINE <= HEIGHT - 300 and all(is_narrow(draw, line, large) for line in lines):
            return large, lines, size
    cut = [shortened(draw, line, large) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        cut[-1] = shortened(draw, f"{cut[-1]} …", large)
    return large, cut, size


def wrapped(draw: ImageDraw.ImageDraw, text: str, large: Font) -> list[str]:
    """The words of ``text`` in lines; a word wider than the picture has a line of its own."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or is_narrow(draw, longer, large):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def is_narrow(draw: ImageDraw.ImageDraw, text: str, large: Font) -> bool:
    return draw.textlength(text, font=large) <= WIDTH - 2 * MARGIN


def shortened(draw: ImageDraw.ImageDraw, line: str, large: Font) -> str:
    """``line`` with its end left out until it has room."""
    while not is_narrow(draw, line, large):
        line = f"{line.rstrip('…')[:-1].rstrip()}…"
    return line


def draw_mark(draw: ImageDraw.ImageDraw, left: int, top: int, size: int) -> None:
    """The site's mark (static/img/mark.svg, 32 units wide) ``size`` pixels wide."""
    unit = size / 32
    draw.rounded_rectangle((left, top, left + size, top + size), 8 * unit, fill=TEAL)
    for y, start, end in ((8, 9, 18.5), (14, 9, 23), (20, 9, 15)):
        line = (left + start * unit, top + y * unit, left + end * unit, top + y * unit)
        draw.line(line, fill=PAPER, width=round(2.5 * unit))
    centre, radius = (left + 21.5 * unit, top + 21.5 * unit), 4.75 * unit
    draw.circle(centre, radius, outline=CLAY, width=round(2.5 * unit))
