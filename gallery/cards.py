"""What a page shows of a photo: addresses, sizes and shape, from renditions that are ready. Asks nothing of the
database where posts, photos, pictures and renditions were prefetched (`PostPage.objects.for_cards()`).

A sensitive post is blurred until somebody asks for it. Whatever shows a post elsewhere (lists, link previews, feeds, the
API) takes `shown` and `preview`, which never give the clear picture of one; `clear` is for what stands behind its veil.
"""

from dataclasses import dataclass

from .imaging import ANIMATED_SPEC, BLURRED_SPEC, PREVIEW_SPEC, placeholder_url
from .ratios import focus_class, ratio_hundredths
from .states import TeamState

# Heights of a row in rem, as in static/css/base.css, and how far a picture in it may grow on average.
ROW_DESK, ROW_PHONE, GROWTH_DESK, GROWTH_PHONE = 15, 9, 1.25, 1.7
# The bit of a ThumbHash that says that the picture has transparent parts.
THUMBHASH_ALPHA = 0x80


@dataclass(frozen=True)
class Shown:
    """One photo as `gallery/partials/picture.html` needs it. Addresses are empty while there is no such file; sizes are
    in pixels. `src` is empty while nothing of it is ready, and for a sensitive post that has no blurred file yet."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    largest: str
    largest_width: int
    fallback: str = ""  # a JPEG, for what cannot show WebP
    animated: str = ""
    placeholder: str = ""  # a `data:` image, to stand behind the picture until it is there
    focus: str = ""  # classes that keep the focal point in a crop
    is_ready: bool = False
    is_blurred: bool = False
    is_animated: bool = False

    @property
    def largest_height(self):
        return round(self.largest_width * self.height / self.width)

    @property
    def row_sizes(self):
        """`sizes` for a row of pictures: the width that its shape takes there."""
        ratio = ratio_hundredths(self.width, self.height) / 100
        phone, desk = ratio * ROW_PHONE * GROWTH_PHONE, ratio * ROW_DESK * GROWTH_DESK
        return f"(max-width: 44rem) min(100vw, {phone:.1f}rem), {desk:.1f}rem"

    @property
    def stage_sizes(self):
        """`sizes` for the stage of a post's page: as wide as the window less the side, or as its height allows."""
        ratio = self.width / self.height
        return f"(max-width: 62rem) 100vw, min(100vw - 27rem, {ratio * 100:.0f}vh)"


def shown(photo):
    """A photo as any page may show it: blurred where its post is sensitive, else clear. Returns a Shown."""
    return blurred(photo) if photo.post.is_sensitive else clear(photo)


def clear(photo):
    """A photo with every rendition in `srcset`, the one of about 640 pixels first, whatever its post says of itself."""
    picture = photo.picture
    ready, others = renditions_of(photo)
    usual = next((r for r in ready if r.width >= 640), ready[-1] if ready else None)
    src = usual.url if usual else ""
    return Shown(
        src=src,
        srcset=", ".join(f"{r.url} {r.width}w" for r in ready),
        largest=ready[-1].url if ready else "",
        largest_width=ready[-1].width if ready else 0,
        fallback=others[PREVIEW_SPEC].url if PREVIEW_SPEC in others else src,
        animated=others[ANIMATED_SPEC].url if ANIMATED_SPEC in others else "",
        alt=photo.alt_text,
        is_ready=bool(ready),
        **looks_of(picture),
    )


def blurred(photo):
    """A photo of which nothing can be made out, and without its words: those describe what was not asked for."""
    ready, others = renditions_of(photo)
    src = others[BLURRED_SPEC].url if BLURRED_SPEC in others else ""
    return Shown(
        src=src,
        srcset="",
        largest="",
        largest_width=0,
        fallback=src,
        alt="",
        is_ready=bool(ready),
        is_blurred=True,
        **looks_of(photo.picture),
    )


def renditions_of(photo):
    """([its WebP renditions, the narrowest first], {spec: rendition} of the others), of those whose files are there."""
    ready, others = [], {}
    for rendition in photo.picture.renditions.all():
        if rendition.filter_spec.startswith("width-"):
            ready.append(rendition)
        else:
            others[rendition.filter_spec] = rendition
    return sorted(ready, key=lambda rendition: rendition.width), others


def looks_of(picture):
    """What `clear` and `blurred` say alike of a picture."""
    return {
        "width": picture.width or 3,
        "height": picture.height or 2,
        "placeholder": placeholder_of(picture),
        "focus": focus_class(picture.focal_point_x, picture.focal_point_y, picture.width, picture.height),
        "is_animated": picture.animated,
    }


def placeholder_of(picture):
    """The placeholder as a `data:` address; none for a picture with transparent parts, through which it would be seen."""
    placeholder = bytes(picture.placeholder or b"")
    if len(placeholder) < 5 or placeholder[2] & THUMBHASH_ALPHA:
        return ""
    return placeholder_url(placeholder)


def preview(photo):
    """The public JPEG for link previews, feeds and the like: blurred where the post is sensitive. None while there is
    none that a visitor may fetch."""
    spec = BLURRED_SPEC if photo.post.is_sensitive else PREVIEW_SPEC
    return next((r for r in photo.picture.renditions.all() if r.filter_spec == spec and r.public_name), None)


def largest(photo):
    """The rendition that a download gives: the animated one of an animated picture, else the widest. None if none."""
    ready, others = renditions_of(photo)
    return others.get(ANIMATED_SPEC) or (ready[-1] if ready else None)


def photos_in_order(post, *, waiting=False):
    """A post's photos by position, from what was prefetched: those that are ready and that neither its author nor the team
    took out. With `waiting`, for its author and staff, those too that are being processed or could not be; one that
    waits to take another's place stands behind that one."""
    if not waiting:
        return sorted((photo for photo in post.photos.all() if photo.is_showable), key=lambda photo: photo.position)
    photos = [photo for photo in post.photos.all() if photo.removed_at is None and photo.team_state == TeamState.NONE]
    places = {photo.pk: photo.position for photo in photos if photo.is_in_place}
    return sorted(photos, key=lambda photo: (places.get(photo.replaces_id or photo.pk, photo.position), photo.pk))
