"""What is made of one opened picture: its renditions, a square of it, or crops; each from one decode."""

from PIL import Image

from . import exif, summary
from .animation import animated, frames_of
from .pixels import (
    FINE,
    QUICK,
    SMALL_WIDTH,
    WEBP_SIDE,
    cut,
    decoded,
    draft,
    encoded,
    in_srgb,
    on_white,
    orientation_of,
    resized,
    side,
    upright_size,
)

# The one JPEG: for link previews elsewhere, some of whose readers know no WebP, and for browsers that cannot show it.
PREVIEW_SPEC, PREVIEW_SIDE = "preview-jpeg", 1200  # pixels, its longest side
# What stands for a sensitive picture until it is asked for: twelve soft spots along its longest side.
BLURRED_SPEC, BLURRED_SIDE, SPOTS = "blurred-jpeg", 600, 12
BLURRED_QUALITY = 60
ANIMATED_SPEC = "animated-webp"
WHOLE = (0, 0, 1, 1)
TYPES = {"webp": ("image/webp", "webp"), "jpeg": ("image/jpeg", "jpg"), "png": ("image/png", "png")}


def renditions(image, job):
    """All sizes of `image` for job["widths"], the preview, the blurred one, and the animation: (facts, files)."""
    frames, orientation = frames_of(image, job["most_animated_pixels"]), orientation_of(image)
    widths, (width, height), profile = sorted(job["widths"]), upright_size(image), image.info.get("icc_profile")
    camera = exif.camera(image.info.get("exif"))
    # As wide as the widest asked for, as the picture itself, and as WebP's longest side lets a very tall one be.
    widest = max(1, min(widths[-1], width, WEBP_SIDE * width // height))
    draft(image, widest / width)
    # Colours after the resize: converting them costs time and memory by the pixel.
    whole = cut(decoded(image), orientation, WHOLE, (widest, side(height * widest / width)))
    picture = in_srgb(whole, profile)
    files, preview = [], None
    for size in [widest, *(size for size in reversed(widths) if size < widest)]:
        picture = resized(picture, (size, side(height * size / width)), filter=QUICK if size > SMALL_WIDTH else FINE)
        files.append(file(f"width-{size}", picture, "webp"))
        # The preview comes from the smallest size that is larger than it, or from the largest there is.
        if preview is None or max(picture.size) >= PREVIEW_SIDE:
            preview = picture
    files += [file(PREVIEW_SPEC, within(preview, PREVIEW_SIDE), "jpeg"), blurred(picture, width, height)]
    if frames > 1:
        size, data = animated(image, frames, profile, job["most_animated_pixels"])
        files.append((ANIMATED_SPEC, *size, "webp", data))
    facts = {"width": width, "height": height, "camera": camera, "animated": frames > 1}
    return facts | described(picture), files


def square(image, job):
    """The square job["box"] (left, top, side, in pixels of the upright picture; side 0 for the largest in its middle) in
    each of job["sizes"] that is not larger than it: (facts, files)."""
    width, height = upright_size(image)
    left, top, length = job["box"]
    if length <= 0:
        length = min(width, height)
        left, top = (width - length) / 2, (height - length) / 2
    length = min(length, width, height)
    left, top = min(max(left, 0), width - length), min(max(top, 0), height - length)
    profile, sizes = image.info.get("icc_profile"), sorted(job["sizes"])
    camera, widest = exif.camera(image.info.get("exif")), max(1, min(sizes[-1], round(length)))
    draft(image, widest / length)
    box = (left / width, top / height, (left + length) / width, (top + length) / height)
    picture, files = in_srgb(cut(decoded(image), orientation_of(image), box, (widest, widest)), profile), []
    for size in [widest, *(size for size in reversed(sizes) if size < widest)]:
        picture = resized(picture, (size, size))
        files.append(file(f"width-{size}", picture, "webp"))
    facts = {"width": width, "height": height, "camera": camera, "animated": False}
    return facts | described(picture), files


def crops(image, job):
    """Each of job["crops"] (spec, box, size, format, quality), never enlarged: (facts, files)."""
    width, height = upright_size(image)
    wanted = []
    for crop in job["crops"]:
        left, top, right, bottom = crop["box"] or (0, 0, width, height)
        left, right = sorted(min(max(value, 0), width) for value in (left, right))
        top, bottom = sorted(min(max(value, 0), height) for value in (top, bottom))
        if right - left < 1 or bottom - top < 1:
            left, top, right, bottom = 0, 0, width, height
        scale = min(1, (right - left) / crop["size"][0], (bottom - top) / crop["size"][1])
        size = tuple(side(length * scale) for length in crop["size"])
        box = (left / width, top / height, right / width, bottom / height)
        wanted.append((crop, box, size, max(size[0] / (right - left), size[1] / (bottom - top))))
    profile = image.info.get("icc_profile")
    draft(image, max(scale for _crop, _box, _size, scale in wanted))
    whole, orientation = decoded(image), orientation_of(image)
    files = [
        file(crop["spec"], in_srgb(cut(whole, orientation, box, size), profile), crop["format"], crop["quality"])
        for crop, box, size, _scale in wanted
    ]
    return {"width": width, "height": height}, files


def file(spec, picture, format, quality=None):
    """One file: (spec, width, height, format, bytes)."""
    return spec, *picture.size, format, encoded(picture, format, quality)


def within(picture, longest):
    """The picture with its longest side at most this long."""
    scale = min(1, longest / max(picture.size))
    return resized(picture, (side(picture.width * scale), side(picture.height * scale)), filter=QUICK)


def blurred(small, width, height):
    """A picture of this size in pixels, from its smallest rendition, so that colours are left and nothing can be made out.

    A page draws it up to the size of the stage, so a few kilobytes do.
    """
    spots = tuple(max(1, round(SPOTS * length / max(small.size))) for length in small.size)
    scale = min(1, BLURRED_SIDE / max(width, height))
    soft = on_white(small).resize(spots, Image.Resampling.BOX)
    soft = soft.resize((side(width * scale), side(height * scale)), Image.Resampling.BICUBIC)
    return file(BLURRED_SPEC, soft, "jpeg", BLURRED_QUALITY)


def described(small):
    """Placeholder (hexadecimal) and colours, from the smallest size."""
    return {"placeholder": summary.placeholder(small).hex(), "colours": summary.colours(small)}


KINDS = {"render": renditions, "square": square, "crops": crops}
