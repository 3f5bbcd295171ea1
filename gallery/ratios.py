"""The shapes that rows of pictures know, and where in a picture its focal point lies: each becomes a CSS class.

The content security policy refuses inline styles, so a picture's shape is a class of a generated sheet
(`static/css/ratios.css`, written by `manage.py write_ratios`). A picture is cropped by at most half a step. Where a crop
is more than that, it keeps the focal point.
"""

STEP = 5  # hundredths between two shapes
NARROWEST, WIDEST = 40, 300  # hundredths: 2:5 upright to 3:1 wide; what goes beyond is cropped in rows
USUAL = 150  # what is shown for a picture whose size is not known yet
FOCUS_STEP = 10  # per cent between two places of a focal point


def ratio_hundredths(width, height):
    """The ratio of `width` to `height` (pixels) in hundredths, rounded to a step and kept within the known shapes.

    A size that is missing or not positive gives the usual ratio.
    """
    try:
        ratio = float(width) / float(height)
    except (TypeError, ValueError, ZeroDivisionError):
        return USUAL
    if not 0 < ratio < float("inf"):
        return USUAL
    return max(NARROWEST, min(WIDEST, round(ratio * 100 / STEP) * STEP))


def focus_class(x, y, width, height):
    """The classes of a focal point at (`x`, `y`) in a picture of `width` by `height`, all in pixels: "fx-30 fy-70".

    Empty where there is no focal point, or where it lies in the middle.
    """
    if not width or not height or x is None or y is None:
        return ""
    across, down = (
        max(0, min(100, round(100 * at / length / FOCUS_STEP) * FOCUS_STEP)) for at, length in ((x, width), (y, height))
    )
    return "" if (across, down) == (50, 50) else f"fx-{across} fy-{down}"


def ratios_sheet():
    """The text of the sheet: one class for each known shape, which sets `--ratio` for the rows in parts.css, and one for
    each place of a focal point, across and down, which set `--fx` and `--fy`."""
    lines = [
        "/* Written by `manage.py write_ratios`: the shapes of pictures, and where their focal points lie. Do not edit. */",
        "@layer parts {",
    ]
    lines += [f"  .r-{n} {{ --ratio: {n / 100:g}; }}" for n in range(NARROWEST, WIDEST + STEP, STEP)]
    for axis in "xy":
        lines += [f"  .f{axis}-{n} {{ --f{axis}: {n}%; }}" for n in range(0, 100 + FOCUS_STEP, FOCUS_STEP)]
    return "\n".join([*lines, "}", ""])
