"""What a camera said of itself and of one exposure, in words: `Picture.camera` as one line. Never a place."""

from django.utils.translation import gettext as _


def camera_line(camera):
    """`camera` (a Picture's: make, model, lens, exposure in seconds, aperture, iso, focal_length in millimetres, each of
    which may be missing) as people write it: "Fujifilm X-T5, 35 mm, f/8, 1/250 s, ISO 200". Empty for nothing known."""
    parts = [
        name_of(camera),
        text_of(camera.get("lens")),
        with_unit(camera.get("focal_length"), _("%(length)s\u00a0mm"), "length"),
        with_unit(camera.get("aperture"), "f/%(number)s", "number"),
        with_unit(fraction(camera.get("exposure")), _("%(seconds)s\u00a0s"), "seconds"),
        with_unit(camera.get("iso"), _("ISO\u00a0%(speed)s"), "speed"),
    ]
    return ", ".join(part for part in parts if part)


def name_of(camera):
    """Maker and model; many models begin with their maker's name already."""
    make, model = text_of(camera.get("make")), text_of(camera.get("model"))
    if make and model and model.lower().startswith(make.split()[0].lower()):
        return model
    return f"{make} {model}".strip()


def text_of(value):
    return str(value or "").strip()


def with_unit(value, pattern, name):
    """`value` in `pattern`, a number without needless digits; empty for none and for zero."""
    if isinstance(value, float):
        value = f"{value:.4g}"
    return pattern % {name: value} if value else ""


def fraction(seconds):
    """An exposure as photographers write it: "1/250" below a third of a second. Text stays as it is."""
    if not isinstance(seconds, (int, float)) or seconds <= 0:
        return text_of(seconds) if isinstance(seconds, str) else ""
    return f"1/{round(1 / seconds)}" if seconds < 0.3 else f"{seconds:.2g}"
