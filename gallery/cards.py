"""What a page shows of a photo: addresses, sizes and shape, from renditions that are ready. Asks nothing of the
database where photos, pictures and renditions were prefetched (`PostPage.objects.for_cards()`)."""

from dataclasses import dataclass

from .ratios import ratio_hundredths
from .states import TeamState

# Heights of a row in rem, as in static/css/base.css, and how far a picture in it may grow on average.
ROW_DESK, ROW_PHONE, GROWTH = 15, 9, 1.25
PREVIEW = "preview-jpeg"


@dataclass(frozen=True)
class Shown:
    """One photo as an `<img>` needs it. `src` is empty while nothing of it is ready. Sizes are in pixels."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    largest: str
    largest_width: int

    @property
    def row_sizes(self):
        """`sizes` for a row of pictures: the width that its shape takes there."""
        ratio = ratio_hundredths(self.width, self.height) / 100
        return f"(max-width: 44rem) min(100vw, {ratio * ROW_PHONE * GROWTH:.1f}rem), {ratio * ROW_DESK * GROWTH:.1f}rem"

    @property
    def stage_sizes(self):
        """`sizes` for the stage of a post's page: as wide as the window less the side, or as its height allows."""
        ratio = self.width / self.height
        return f"(max-width: 62rem) 100vw, min(100vw - 27rem, {ratio * 100:.0f}vh)"


def shown(photo):
    """A photo as a page shows it: every rendition in `srcset`, the one of about 640 pixels first. Returns a Shown."""
    picture = photo.picture
    ready = sorted(
        (r for r in picture.renditions.all() if r.filter_spec.startswith("width-") and r.url), key=lambda r: r.width
    )
    usual = next((r for r in ready if r.width >= 640), ready[-1] if ready else None)
    return Shown(
        src=usual.url if usual else "",
        srcset=", ".join(f"{r.url} {r.width}w" for r in ready),
        width=picture.width or 3,
        height=picture.height or 2,
        alt=photo.alt_text,
        largest=ready[-1].url if ready else "",
        largest_width=ready[-1].width if ready else 0,
    )


def preview(photo):
    """The public JPEG rendition for link previews elsewhere, or None while there is none that a visitor may fetch."""
    return next((r for r in photo.picture.renditions.all() if r.filter_spec == PREVIEW and r.public_name), None)


def photos_in_order(post):
    """A post's photos by position, from what was prefetched; those that the team took out are left out."""
    shown_ones = (photo for photo in post.photos.all() if photo.team_state == TeamState.NONE)
    return sorted(shown_ones, key=lambda photo: photo.position)
