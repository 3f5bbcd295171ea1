"""Pictures for tests: drawn here, of every kind that people upload, never photographs of anybody."""

from io import BytesIO

import numpy
from PIL import Image, ImageCms, ImageDraw
from pillow_heif import register_heif_opener

register_heif_opener()  # so that tests can write HEIC

ORIENTATION = 0x0112


def scene(width=1200, height=800):
    """A landscape that looks different in each of its eight orientations: sun, hills, a lighthouse, a striped sea."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    sky, sea = Image.new("RGB", (width, height), "#f4b27a"), Image.new("RGB", (width, height), "#24506b")
    picture = Image.composite(sea, sky, picture.convert("L"))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width * 0.1, height * 0.1, width * 0.25, height * 0.1 + width * 0.15), fill="#fff1c9")
    draw.polygon([(0, height * 0.7), (width * 0.3, height * 0.4), (width * 0.55, height * 0.7)], fill="#3c4a3f")
    draw.polygon([(width * 0.4, height * 0.7), (width * 0.8, height * 0.55), (width, height * 0.7)], fill="#55604b")
    draw.rectangle((width * 0.78, height * 0.2, width * 0.82, height * 0.6), fill="#d9d2c5")
    for line in range(4):
        y = height * (0.76 + 0.06 * line)
        draw.line((0, y, width, y + height * 0.02), fill="#3f7391", width=max(1, height // 50))
    # Soft clouds over all of it, the same in each run: a flat area says little of how alike two pictures are.
    spots = numpy.random.default_rng(7).integers(0, 255, (max(2, height // 25), max(2, width // 25)), numpy.uint8)
    clouds = Image.fromarray(spots).resize((width, height), Image.Resampling.BICUBIC).convert("RGB")
    return Image.blend(picture, clouds, 0.25)


def encoded(picture, format="JPEG", **options):
    """The bytes of a picture; `format` is Pillow's name, or "HEIC"."""
    out = BytesIO()
    if format == "HEIC":
        format = "HEIF"
    if format in ("JPEG", "HEIF", "AVIF", "WEBP"):
        options.setdefault("quality", 95)
    if format == "GIF":
        options.pop("exif", None)  # it holds none
    picture.save(out, format, **options)
    return out.getvalue()


def exif(orientation=1):
    """EXIF as a phone writes it: orientation, maker, and the place where the photograph was taken."""
    data = Image.Exif()
    data[ORIENTATION] = orientation
    data[0x010F] = "SecretMaker"
    data.get_ifd(0x8825).update({1: "N", 2: (64.0, 8.0, 43.0), 3: "W", 4: (21.0, 56.0, 3.0)})
    return data.tobytes()


def stored_as(picture, orientation):
    """The pixels as a camera would store an upright `picture` with this EXIF orientation."""
    inverse = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return picture.transpose(inverse[orientation]) if orientation in inverse else picture


def photo(width=1200, height=800, orientation=1, format="JPEG", **options):
    """The bytes of a photograph with EXIF and a place, that shows an upright scene of this size in pixels."""
    picture = stored_as(scene(width, height), orientation)
    return encoded(picture, format, exif=exif(orientation), **options)


def srgb_profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
