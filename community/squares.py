"""What is made of a profile picture: squares for everybody, and the whole picture for its member to cut it anew."""

from gallery import imaging
from gallery.models.pictures import PRIVATE

SMALL, LARGE = 96, 320  # pixels: `User.avatar_small` and `User.avatar_large`
WHOLE, WHOLE_SIDE = f"{PRIVATE}whole", 640


def render_avatar(file, crop):
    """Cut the square `crop` (left, top, side in pixels of the upright picture; side 0 is the largest in the middle).

    From one decode: the squares under "width-96" and "width-320", never enlarged, and all of it under WHOLE, its longest
    side at most 640 pixels. Returns imaging.Rendered; raises as imaging.render does.
    """
    facts = imaging.inspect(file)
    left, top, side = inside(crop, facts.width, facts.height)
    sizes = sorted({min(size, side) for size in (SMALL, LARGE)})
    box = (left, top, left + side, top + side)
    crops = [imaging.Crop(f"width-{size}", box, (size, size), quality=86) for size in sizes]
    crops.append(imaging.Crop(WHOLE, None, fitted(facts.width, facts.height)))
    return imaging.Rendered(facts.width, facts.height, imaging.render_crops(file, crops))


def inside(crop, width, height):
    """The square `crop` brought inside a picture of this size: (left, top, side) in whole pixels, side at least 1."""
    left, top, side = (max(0, round(number)) for number in crop)
    most = min(width, height)
    if not side:
        return (width - most) // 2, (height - most) // 2, most
    side = min(side, most)
    return min(left, width - side), min(top, height - side), side


def fitted(width, height):
    """(width, height) of the whole picture, with a longest side of WHOLE_SIDE pixels at most."""
    scale = min(1, WHOLE_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
