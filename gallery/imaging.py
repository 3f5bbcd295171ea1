"""Turning bytes into pictures: what a file is, and its renditions. Pure functions: no models, no storages.

`inspect` looks without decoding, for the answer to an upload; `render` decodes once, for the background task. What a
file is, its content decides, never its name or the type that a browser declared.
"""

import os
import re
import warnings
from dataclasses import dataclass, field
from io import BytesIO

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from PIL import Image, ImageCms

from .files import StorageUnavailable

# Every other decoder of Pillow is shut out: each is one more way in for a hostile file.
KINDS = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
}
FORMATS = tuple(KINDS)

# The one JPEG, for link previews elsewhere: some readers of them know no WebP.
PREVIEW_SPEC = "preview-jpeg"
PREVIEW_SIDE = 1200  # pixels, its longest side
# The small sizes stand on every list, and their few pixels show each flaw: they get more bytes for each.
WEBP_QUALITY, SMALL_WEBP_QUALITY, SMALL_WIDTH = 80, 86, 640
WEBP_METHOD, JPEG_QUALITY = 4, 82

WEBP_SIDE = 16_383  # pixels, the longest side that WebP can hold

EXIF_ORIENTATION = 0x0112
SIDEWAYS = (5, 6, 7, 8)  # orientations that swap width and height
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.createProfile("sRGB")

MESSAGES = {
    "empty": gettext_noop("This file is empty. Please choose another one."),
    "not_a_picture": gettext_noop(
        "This file is not a picture that we can read. JPEG, PNG and WebP pictures can be shared."
    ),
    "unsupported": gettext_noop("%(kind)s files cannot be shared. Please choose a JPEG, PNG or WebP picture."),
    "too_large": gettext_noop("This file is larger than %(limit)s. Please choose a smaller one."),
    "too_many_pixels": gettext_noop(
        "This picture has %(pixels)s megapixels; up to %(limit)s can be shared. Please choose a smaller one."
    ),
    "broken": gettext_noop(
        "This picture is damaged or incomplete. Please save or download it again and try once more."
    ),
}

# First bytes of what people do choose by mistake, to name it in the answer. Nothing here is ever decoded.
SIGNATURES = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop"),
    (b"<svg", "SVG"),
)
BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF"}


class PictureRefused(Exception):
    """A file that cannot be shared: `code` for the program and the log, `message` for the person who chose it."""

    def __init__(self, code, **values):
        self.code = code
        self.message = _(MESSAGES[code]) % values
        super().__init__(f"{code}: {self.message}")


@dataclass(frozen=True)
class Facts:
    """What a file says of itself. Width and height in pixels, upright."""

    format: str
    mime: str
    extension: str
    width: int
    height: int


@dataclass(frozen=True)
class RenditionFile:
    """One rendition: its spec ("width-640", "preview-jpeg"), size in pixels, and encoded bytes."""

    spec: str
    width: int
    height: int
    mime: str
    extension: str
    data: bytes


@dataclass(frozen=True)
class Rendered:
    """A picture's own size in pixels, upright, and its renditions from the widest down, the preview last."""

    width: int
    height: int
    files: list[RenditionFile] = field(default_factory=list)


# --- Looking, without decoding ----------------------------------------------------------------------------------------


def inspect(file):
    """What the readable, seekable `file` is, from its head alone; its position is put back to the start.

    Raises PictureRefused: empty, not_a_picture, unsupported, too_large, too_many_pixels, broken.
    """
    try:
        check_bytes(file)
        with opened(file) as image:
            check_pixels(image)
            format = format_of(image)
            check_end(file, format)
            width, height = upright_size(image)
            return Facts(format, *KINDS[format], width, height)
    finally:
        file.seek(0)


def size_in_bytes(file):
    file.seek(0, os.SEEK_END)
    return file.tell()


def check_bytes(file):
    size = size_in_bytes(file)
    file.seek(0)
    if not size:
        raise PictureRefused("empty")
    if size > settings.UPLOAD_MAX_BYTES:
        raise PictureRefused("too_large", limit=filesizeformat(settings.UPLOAD_MAX_BYTES))


def opened(file):
    """The file as a Pillow image whose pixels were not read yet. Raises PictureRefused."""
    head = file.read(16)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow's own warning of many pixels comes before our limit can answer in words.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise too_many_pixels(int(re.search(r"\d+", str(error)).group())) from error
    except Exception as error:  # Pillow's readers raise whatever a hostile head makes them stumble over
        kind = kind_by_signature(head)
        if kind in KINDS:
            raise PictureRefused("broken") from error
        if kind:
            raise PictureRefused("unsupported", kind=kind) from error
        raise PictureRefused("not_a_picture") from error


def kind_by_signature(head):
    """The name of a file's kind by its first bytes; empty when they say nothing to us."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "")
    return next((kind for signature, kind in SIGNATURES if head.startswith(signature)), "")


def format_of(image):
    """One of FORMATS. Pillow calls a JPEG that carries further pictures (many phones write those) "MPO"."""
    return "JPEG" if image.format == "MPO" else image.format


def check_pixels(image):
    if image.width * image.height > settings.UPLOAD_MAX_PIXELS:
        raise too_many_pixels(image.width * image.height)


def too_many_pixels(pixels):
    return PictureRefused(
        "too_many_pixels", pixels=round(pixels / 1_000_000), limit=round(settings.UPLOAD_MAX_PIXELS / 1_000_000)
    )


def check_end(file, format):
    """Refuse a file that breaks off, where its format says so without decoding: PNG's last chunk, WebP's length.

    A JPEG may carry anything after its end, and some cameras leave the end mark out: only decoding tells.
    """
    if format == "PNG":
        complete = has_png_end(file)
    elif format == "WEBP":
        size = size_in_bytes(file)
        file.seek(4)
        complete = int.from_bytes(file.read(4), "little") + 8 <= size
    else:
        complete = True
    if not complete:
        raise PictureRefused("broken")


def has_png_end(file):
    """Whether the name of a PNG's last chunk stands in it. Nearly always in its last bytes, so these are read first."""
    chunk = 1024 * 1024
    file.seek(max(0, size_in_bytes(file) - 64))
    if b"IEND" in file.read():
        return True
    file.seek(0)
    before = b""
    while data := file.read(chunk):
        if b"IEND" in before + data:
            return True
        before = data[-3:]
    return False


def orientation_of(image):
    """The EXIF orientation, 1 to 8; 1 where there is none or it makes no sense."""
    try:
        # The base class's reader: PNG's own would decode the whole picture to look for EXIF behind its pixels.
        orientation = Image.Image.getexif(image).get(EXIF_ORIENTATION, 1)
    except Exception:  # damaged EXIF must not lose the photograph
        return 1
    return orientation if orientation in range(1, 9) else 1


def upright_size(image):
    """(width, height) in pixels as people will see it."""
    width, height = image.size
    return (height, width) if orientation_of(image) in SIDEWAYS else (width, height)


# --- Making renditions ------------------------------------------------------------------------------------------------


def render(file, widths=None):
    """Make the renditions of the readable, seekable `file`: Rendered, from one decode, each size from the one above it.

    WebP in those of `widths` (pixels; settings.RENDITION_WIDTHS) that are below the picture's own width, and in its own
    width up to the widest of them; and one JPEG for link previews. Upright, in sRGB, without metadata of any kind.
    Raises PictureRefused as `inspect` does, and `broken` for what only decoding finds.
    """
    widths = sorted(widths or settings.RENDITION_WIDTHS)
    check_bytes(file)
    with opened(file) as image:
        check_pixels(image)
        try:
            return make(image, widths)
        except (MemoryError, StorageUnavailable):
            raise  # not the picture's fault: the task comes again
        except Exception as error:  # truncated data, bad checksums, lying headers: every decoder has its own words
            raise PictureRefused("broken") from error


def make(image, widths):
    if image.format == "PNG":
        image.load()  # its EXIF may stand behind the pixels
    width, height = upright_size(image)
    # As wide as the widest asked for, as the picture itself, and as WebP's longest side lets a very tall one be.
    widest = max(1, min(widths[-1], width, WEBP_SIDE * width // height))
    profile = image.info.get("icc_profile")
    picture = turned_and_reduced(image, widest / width, (widest, side(height * widest / width)))
    # Colours after the resize: converting them costs time and memory by the pixel.
    picture = in_srgb(picture, profile)
    files, preview = [], None
    for size in [widest, *(size for size in reversed(widths) if size < widest)]:
        picture = resized(picture, (size, side(height * size / width)))
        files.append(webp(picture))
        # The preview comes from the smallest size that is larger than it, or from the largest there is.
        if preview is None or max(picture.size) >= PREVIEW_SIDE:
            preview = picture
    return Rendered(width, height, [*files, jpeg(preview)])


def side(length):
    """A side in whole pixels, at least 1 and at most what WebP can hold."""
    return min(max(1, round(length)), WEBP_SIDE)


def turned_and_reduced(image, scale, upright):
    """The decoded picture, turned upright and reduced to the size `upright`, in a mode that can be converted."""
    orientation = orientation_of(image)
    target = upright[::-1] if orientation in SIDEWAYS else upright
    # Lets the JPEG decoder do a half, quarter or eighth by itself, down to a quarter more than is needed, so that the
    # last step, with a good filter, always goes down.
    if scale < 1 and format_of(image) == "JPEG":
        image.draft(None, (target[0] * 5 // 4, target[1] * 5 // 4))
    image.load()
    picture = resized(plain(image), target)
    return picture.transpose(TURNS[orientation]) if orientation in TURNS else picture


def plain(image):
    """The image in a mode that resizes well: L, LA, RGB, RGBA or CMYK, eight bits a channel."""
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit grey: to 8 bits before anything else. Pillow's own conversion would clip, not scale.
        return image.convert("I").point(lambda value: value / 257).convert("L")
    if image.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode in ("LA", "RGBA"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def resized(picture, size):
    """The picture at this (width, height). Pillow weights colours by alpha, so that nothing bleeds in at edges."""
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def in_srgb(picture, profile):
    """The picture as RGB or RGBA in sRGB, by its embedded colour profile where it has one that can be used."""
    alpha = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    colours = {"LA": "L", "RGBA": "RGB"}.get(picture.mode, picture.mode)
    picture = picture.convert(colours) if colours != picture.mode else picture
    if profile:
        try:
            embedded = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = ImageCms.profileToProfile(
                picture, embedded, SRGB, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile of another kind than the picture, or a damaged one: the numbers as they are
    picture = picture.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        picture.putalpha(alpha)
    return picture


def bare(picture):
    """The pixels alone: Pillow would write the EXIF, XMP, comments and profiles that it keeps beside them."""
    picture = picture.copy()
    picture.info = {}
    return picture


def webp(picture):
    out = BytesIO()
    quality = SMALL_WEBP_QUALITY if picture.width <= SMALL_WIDTH else WEBP_QUALITY
    bare(picture).save(out, "WEBP", quality=quality, method=WEBP_METHOD)
    return RenditionFile(f"width-{picture.width}", picture.width, picture.height, "image/webp", "webp", out.getvalue())


def jpeg(picture):
    """The link preview: its longest side at most PREVIEW_SIDE, on white where the picture is transparent."""
    scale = min(1, PREVIEW_SIDE / max(picture.size))
    picture = resized(picture, (side(picture.width * scale), side(picture.height * scale)))
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    out = BytesIO()
    bare(picture).save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return RenditionFile(PREVIEW_SPEC, picture.width, picture.height, "image/jpeg", "jpg", out.getvalue())
