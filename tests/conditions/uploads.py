"""Files an editor, or somebody worse, might upload: good pictures and hostile ones, all made here."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

RED, BLUE = (200, 30, 30), (30, 30, 200)
SCRIPT = b"<script>alert(1)</script>"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def photo(width: int = 400, height: int = 300, file_format: str = "JPEG", **options: object) -> bytes:
    """A picture with a red left half and a blue right half."""
    image = Image.new("RGB", (width, height), BLUE)
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height), fill=RED)
    return encoded(image, file_format, **options)


def noisy(file_format: str) -> bytes:
    """A picture that no encoder makes small."""
    return encoded(Image.effect_noise((300, 300), 90).convert("RGB"), file_format)


def png_header(width: int, height: int) -> bytes:
    """The beginning of a PNG of this size, in black and white, without any pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to 100 MB."""
    comment = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 100_000_000))
    picture = photo(file_format="PNG")
    after_header = picture.index(b"IDAT") - 4
    return picture[:after_header] + comment + picture[after_header:]


# What is no picture: name → the file.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"not a picture",
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">' + SCRIPT + b"</svg>",
    "html": lambda: b"<!doctype html>" + SCRIPT,
    "pdf": lambda: photo(file_format="PDF"),
    "gif with script": lambda: photo(file_format="GIF") + SCRIPT,
    "gif that is a script": lambda: b"GIF89a/*" + b"\0" * 300 + b"*/=1;alert(1)",
    "tiff named jpg": lambda: photo(file_format="TIFF"),
    "bmp": lambda: photo(file_format="BMP"),
    "ico": lambda: photo(file_format="ICO"),
    "avif": lambda: photo(file_format="AVIF"),
    "eps": lambda: photo(file_format="EPS"),
    "jpeg cut in half": lambda: noisy("JPEG")[: len(noisy("JPEG")) // 2],
    "png cut in half": lambda: noisy("PNG")[: len(noisy("PNG")) // 2],
    "webp cut in half": lambda: noisy("WEBP")[: len(noisy("WEBP")) // 2],
    "jpeg's first bytes": lambda: photo()[:20],
    "png without pixels": lambda: png_header(400, 400),
    "png with a broken chunk": lambda: photo(file_format="PNG").replace(b"IDAT", b"IDAX"),
    "png with a comment of 100 MB": text_bomb,
    "bomb that even Pillow refuses": lambda: png_header(50_000, 50_000),
}
