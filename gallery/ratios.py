"""The shapes that rows of pictures know: a ratio of width to height becomes the name of a CSS class.

The content security policy refuses inline styles, so a picture's shape is a class of a generated sheet
(`static/css/ratios.css`, written by `manage.py write_ratios`). A picture is cropped by at most half a step.
"""

STEP = 5  # hundredths between two shapes
NARROWEST, WIDEST = 40, 300  # hundredths: 2:5 upright to 3:1 wide; what goes beyond is cropped in rows
USUAL = 150  # what is shown for a picture whose size is not known yet


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


def ratios_sheet():
    """The text of the sheet: one class for each known shape, which sets `--ratio` for the rows in parts.css."""
    lines = [
        "/* Written by `manage.py write_ratios`: one class for each shape of a picture. Do not edit. */",
        "@layer parts {",
    ]
    lines += [f"  .r-{n} {{ --ratio: {n / 100:g}; }}" for n in range(NARROWEST, WIDEST + STEP, STEP)]
    return "\n".join([*lines, "}", ""])
