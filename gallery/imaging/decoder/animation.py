"""Animated pictures: counted first, then walked through frame by frame; never more than one of them is held."""

from PIL import _webp

from .pixels import SIDEWAYS, TURNS, check_pixels, in_srgb, orientation_of, plain, resized, side, upright_size

ANIMATED = ("GIF", "WEBP", "AVIF")
ANIMATED_WIDTH = 640  # pixels
MOST_DRAWN = 60_000_000  # pixels of all frames as they are written; a longer animation is written smaller
# Frames pass by: what a still shows of coarse steps nobody sees here, and each costs time.
QUALITY, METHOD = 70, 0
NO_DURATION = 100  # milliseconds, what browsers make of a frame that names none
MOST_LOOPS = 65_535
LEAST_COUNTED = 40_000  # pixels: a smaller frame counts as so many, for walking through frames takes time as well


class TooManyFrames(Exception):
    """All frames together have more pixels than are allowed."""


def frames_of(image, most_pixels):
    """How many frames an opened image has: 1 for a still one. Raises TooManyFrames, before any of them is decoded."""
    if image.format not in ANIMATED:
        return 1
    most = most_pixels // max(LEAST_COUNTED, image.width * image.height)
    frames = gif_frames(image.fp, most) if image.format == "GIF" else image.n_frames
    # One frame is a still picture, which has limits of its own.
    if frames > max(1, most):
        raise TooManyFrames
    return frames


def gif_frames(file, most):
    """How many frames a GIF has, and `most` + 1 at most: passes over its blocks, unpacks none, and puts `file` back."""
    before = file.tell()
    try:
        file.seek(10)
        file.seek(13 + palette_size(file.read(1)[0]))
        frames = 0
        while frames <= most and (mark := file.read(1)) in (b"!", b","):
            if mark == b",":
                frames += 1
                file.seek(palette_size(file.read(9)[8]) + 1, 1)
            else:
                file.seek(1, 1)
            while length := file.read(1)[0]:
                file.seek(length, 1)
        return frames
    except IndexError:  # it breaks off: the frames up to there
        return frames
    finally:
        file.seek(before)


def palette_size(flags):
    """Bytes of the palette that follows a descriptor with these flags."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def animated(image, frames, profile, most_pixels):
    """All frames as one animated WebP of at most ANIMATED_WIDTH pixels, with their durations: (size, bytes)."""
    width, height = upright_size(image)
    scale = min(1, ANIMATED_WIDTH / width, (MOST_DRAWN / (frames * width * height)) ** 0.5)
    size = (side(width * scale), side(height * scale))
    orientation, loops = orientation_of(image), loops_of(image)
    target = size[::-1] if orientation in SIDEWAYS else size
    encoder = _webp.WebPAnimEncoder(size, 0, loops, False, 9, 17, False, False)
    seen = at = 0
    for frame in range(frames):
        image.seek(frame)
        image.load()
        check_pixels(image, most_pixels)
        seen += image.width * image.height
        if seen > most_pixels:
            raise TooManyFrames
        picture = resized(plain(image), target)
        picture = picture.transpose(TURNS[orientation]) if orientation in TURNS else picture
        encoder.add(in_srgb(picture, profile).getim(), at, False, QUALITY, QUALITY, METHOD)
        at += int(image.info.get("duration") or NO_DURATION)
    encoder.add(None, at, False, QUALITY, QUALITY, METHOD)
    return size, encoder.assemble("", "", "")


def loops_of(image):
    """How often the whole is shown, 0 for ever, as WebP counts. GIF counts the repeats, and one without is shown once."""
    loops = image.info.get("loop")
    if image.format == "GIF":
        loops = 1 if loops is None else loops + 1 if loops else 0
    return min(max(loops or 0, 0), MOST_LOOPS)
