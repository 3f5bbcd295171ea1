"""What a file is, from its head alone, for the answer to an upload. Its content decides, never its name or the type that
a browser declared; and nothing is decoded, so that the web process never unpacks what somebody sends."""

from dataclasses import dataclass

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from . import boxes, heads
from .refusals import PictureRefused, megapixels

KINDS = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
    "HEIC": ("image/heic", "heic"),
    "AVIF": ("image/avif", "avif"),
}
FORMATS = tuple(KINDS)
READERS = {"JPEG": heads.jpeg, "PNG": heads.png, "WEBP": heads.webp, "GIF": heads.gif}

# First bytes of what people do choose by mistake, to name it in the answer. Nothing here is ever decoded.
SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\1\0", "ICO"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
)
STILLS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"avif", b"avis")
VIDEOS = (b"qt  ", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5")
HEAD = 1024  # bytes, in which an SVG says that it is one


@dataclass(frozen=True)
class Facts:
    """What a file says of itself. Width and height in pixels, upright."""

    format: str
    mime: str
    extension: str
    width: int
    height: int


def inspect(file):
    """What the readable, seekable `file` is, from its head alone; its position is put back to the start.

    Raises PictureRefused: empty, not_a_picture, unsupported, too_large, too_many_pixels, broken.
    """
    try:
        source = heads.Source(file)
        check_bytes(source.size)
        kind = kind_of(source.read(0, HEAD))
        if not kind:
            raise PictureRefused("not_a_picture")
        try:
            kind, width, height, orientation = head_of(source, kind)
        except heads.Unreadable as error:
            raise PictureRefused("broken") from error
        if not width or not height:
            raise PictureRefused("broken")
        check_pixels(width * height)
        if orientation in heads.SIDEWAYS:
            width, height = height, width
        return Facts(kind, *KINDS[kind], width, height)
    finally:
        file.seek(0)


def check_bytes(size):
    if not size:
        raise PictureRefused("empty")
    if size > settings.UPLOAD_MAX_BYTES:
        raise PictureRefused("too_large", limit=filesizeformat(settings.UPLOAD_MAX_BYTES))


def check_pixels(pixels):
    if pixels > settings.UPLOAD_MAX_PIXELS:
        raise PictureRefused("too_many_pixels", pixels=megapixels(pixels), limit=megapixels(settings.UPLOAD_MAX_PIXELS))


def head_of(source, kind):
    """(one of FORMATS, width, height, orientation). Raises Unreadable, and PictureRefused where the kind is not ours."""
    if kind in READERS:
        return (kind, *READERS[kind](source))
    if kind != "HEIF":
        raise PictureRefused("unsupported", kind=kind)
    kind, width, height, orientation = boxes.heif(source)
    if kind not in KINDS:
        raise PictureRefused("unsupported", kind=kind)
    return kind, width, height, orientation


def kind_of(head):
    """The name of a file's kind by its first bytes; empty when they say nothing to us."""
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brands = brands_of(head)
        if any(brand in STILLS for brand in brands):
            return "HEIF"
        return "Video" if any(brand in VIDEOS for brand in brands) else ""
    return "SVG" if b"<svg" in head.lower() and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else ""


def brands_of(head):
    """The brands that a file of boxes names: the main one, then those that it is compatible with."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
