"""What a picture looks like, as bits that change little when it is resized, recompressed or cropped a little.

A perceptual hash (pHash: the signs of the low frequencies of a cosine transform, by the library imagehash). Two pictures
are alike where few bits differ; which distance is near enough was measured, see docs/decisions/0010. A picture and its
mirror image differ in half of the bits, so whoever looks for one looks for both.
"""

from PIL import Image, ImageOps, ImageStat

SIDE = 16  # a likeness has SIDE² bits
DIGITS = SIDE * SIDE // 4  # hexadecimal
# The standard deviation of grey values (0 to 255) below which a picture shows too little: all plain walls look alike.
LEAST_DETAIL = 6


def likeness_of(image):
    """The likeness of a Pillow image that is ours to decode, as 64 hexadecimal digits; "" where it shows too little."""
    grey = image.convert("L")
    if ImageStat.Stat(grey.resize((64, 64), Image.Resampling.BILINEAR)).stddev[0] < LEAST_DETAIL:
        return ""
    import imagehash  # takes a second and much memory, and the web process never asks

    return str(imagehash.phash(grey, hash_size=SIDE))


def likenesses_of(image):
    """The likeness of an image, and that of its mirror image: those of the two that there are."""
    return [found for found in (likeness_of(image), likeness_of(ImageOps.mirror(image))) if found]


def distance(one, other):
    """In how many bits two likenesses differ: 0 to 256; about 128 where they have nothing to do with each other."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
