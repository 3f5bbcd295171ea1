"""From a file to pixels, and from pixels to files: decode at reduced scale, turn upright, resize, convert to sRGB, encode.

Pictures are resized as their numbers stand, in gamma space, as browsers resize them too. In linear light a 12-megapixel
picture took 5 to 12 times as long and four times the memory, and the two were alike to 0.996 to 0.999 (SSIM, at widths of
640 and 2048 pixels).
"""

import warnings
from io import BytesIO

from PIL import Image, ImageCms

from . import exif

# The small sizes stand on every list, and their few pixels show each flaw: they get more bytes for each.
WEBP_QUALITY, SMALL_WEBP_QUALITY, SMALL_WIDTH = 80, 86, 640
# Method 3 gives the files of method 4 at the same likeness, in up to 15 % less time (bench/bench_pictures.py).
WEBP_METHOD, JPEG_QUALITY = 3, 82
WEBP_SIDE = 16_383  # pixels, the longest side that WebP can hold

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
# Of large pictures, where resizing costs most, the quicker filter gives files of fewer bytes at the same likeness
# (bench/bench_pictures.py, (d): 0.99 of libvips' bytes, and 1.00 with the finer one); small ones are worth the finer one.
FINE, QUICK = Image.Resampling.LANCZOS, Image.Resampling.BICUBIC


class TooManyPixels(Exception):
    """The decoder found more pixels than the head declared, and more than are allowed."""

    def __init__(self, pixels):
        super().__init__(pixels)
        self.pixels = pixels


def opened(file, format, most_pixels):
    """The file as a Pillow image by the decoder of `format` ("HEIF" and Pillow's own names) and by no other.

    Raises TooManyPixels, and whatever the decoder stumbles over.
    """
    Image.MAX_IMAGE_PIXELS = most_pixels
    # Pillow warns from this number on, and raises from twice as many: here, both mean the same.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = Image.open(file, formats=(format,))
    check_pixels(image, most_pixels)
    if format == "PNG":
        image.load()  # its EXIF may stand behind the pixels
    return image


def check_pixels(image, most_pixels):
    if image.width * image.height > most_pixels:
        raise TooManyPixels(image.width * image.height)


def orientation_of(image):
    """The orientation that is left to apply, 1 to 8. Pillow's AVIF reader gives the container's turn as EXIF;
    libheif has applied it already."""
    return 1 if image.format == "HEIF" else exif.orientation(image.info.get("exif"))


def upright_size(image):
    """(width, height) in pixels as people will see it."""
    width, height = image.size
    return (height, width) if orientation_of(image) in SIDEWAYS else (width, height)


def draft(image, scale):
    """Let the JPEG decoder do a half, quarter or eighth by itself, down to a quarter more than `scale` asks for, so that
    the last step, with a good filter, always goes down."""
    if scale < 0.8 and image.format == "JPEG":
        image.draft(None, tuple(max(1, round(length * scale * 1.25)) for length in image.size))


def decoded(image):
    """All pixels of an opened image, in a mode that resizes well."""
    if image.format == "WEBP" and image.n_frames == 1:
        return unpacked(image)
    image.load()
    return plain(image)


def unpacked(image):
    """The pixels of a still WebP, without a copy: its decoder holds two of its own, and is given up before the resize."""
    frame = image._decoder.get_next()
    image._decoder = None
    if frame is None:
        raise ValueError("no frame in it")
    return Image.frombuffer(image.rawmode, image.size, frame[0], "raw", image.rawmode, 0, 1)


def cut(picture, orientation, box, size):
    """What lies in `box` (left, top, right, bottom, in fractions of the upright picture) of a decoded `picture` that is
    stored with this orientation, at `size` (pixels) and upright."""
    target = size[::-1] if orientation in SIDEWAYS else size
    left, top, right, bottom = stored_box(box, orientation)
    corners = (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
    picture = resized(picture, target, corners, QUICK)
    return picture.transpose(TURNS[orientation]) if orientation in TURNS else picture


def stored_box(box, orientation):
    """A box of the upright picture as one of the picture as it is stored; both in fractions of their sides."""
    left, top, right, bottom = box
    if orientation in (5, 6, 7, 8):
        left, top, right, bottom = top, left, bottom, right
    if orientation in (2, 3, 7, 8):
        left, right = 1 - right, 1 - left
    if orientation in (3, 4, 6, 7):
        top, bottom = 1 - bottom, 1 - top
    return left, top, right, bottom


def plain(image):
    """The image in a mode that resizes well: L, LA, RGB, RGBA or CMYK, eight bits a channel."""
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit grey: to 8 bits before anything else. Pillow's own conversion would clip, not scale.
        return image.convert("I").point(lambda value: value / 257).convert("L")
    if image.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode in ("LA", "RGBA"):
        return image
    if image.mode in ("La", "RGBa"):
        return image.convert(image.mode.upper())
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def resized(picture, size, box=None, filter=FINE):
    """The picture (or the `box` of it, in its pixels) at this (width, height). Pillow weights colours by alpha, so that
    nothing bleeds in at edges."""
    if picture.size == size and box in (None, (0, 0, *picture.size)):
        return picture
    return picture.resize(size, filter, box=box, reducing_gap=2.0)


def in_srgb(picture, profile):
    """The picture as RGB or RGBA in sRGB, by its embedded colour `profile` where it has one that can be used; pixels
    alone: Pillow would write the EXIF, XMP, comments and profiles that it keeps beside them."""
    alpha = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    colours = {"LA": "L", "RGBA": "RGB", "RGBX": "RGB"}.get(picture.mode, picture.mode)
    picture = picture.convert(colours) if colours != picture.mode else picture
    if profile:
        try:
            embedded = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = ImageCms.profileToProfile(
                picture, embedded, SRGB, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile of another kind than the picture, or a damaged one: the numbers as they are
    picture = picture.copy() if picture.mode == "RGB" else picture.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        picture.putalpha(alpha)
    picture.info = {}
    return picture


def side(length):
    """A side in whole pixels, at least 1 and at most what WebP can hold."""
    return min(max(1, round(length)), WEBP_SIDE)


def on_white(picture):
    """The picture without alpha, on white."""
    if picture.mode != "RGBA":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def encoded(picture, format, quality=None):
    """The bytes of a picture from `in_srgb` as "webp", "jpeg" or "png"."""
    out = BytesIO()
    if format == "webp":
        quality = quality or (SMALL_WEBP_QUALITY if picture.width <= SMALL_WIDTH else WEBP_QUALITY)
        picture.save(out, "WEBP", quality=quality, method=WEBP_METHOD)
    elif format == "jpeg":
        on_white(picture).save(out, "JPEG", quality=quality or JPEG_QUALITY, optimize=True)
    else:
        picture.save(out, "PNG")
    return out.getvalue()
