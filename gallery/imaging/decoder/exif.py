"""Reads the few EXIF values that we use, and no others: which way is up, and what the camera says of the photograph.

A reader of our own, because it is bounded: it follows two directories, reads each once, and takes nothing from a value
but a short text or a number. EXIF is the format of TIFF 6.0; tags are from CIPA DC-008.
"""

import struct

MARK = b"Exif\0\0"
MOST_ENTRIES = 512
LONGEST_TEXT = 64  # characters
ORIENTATION = 0x0112
MAKE, MODEL, CAMERA_DIRECTORY = 0x010F, 0x0110, 0x8769
EXPOSURE, APERTURE, ISO, FOCAL_LENGTH, LENS = 0x829A, 0x829D, 0x8827, 0x920A, 0xA434
ASCII, SHORT, LONG, RATIONAL = 2, 3, 4, 5
BYTES = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8}


def orientation(data):
    """The EXIF orientation, 1 to 8, of EXIF `data` (bytes, or None); 1 where there is none or it makes no sense."""
    value = first_directory(data).get(ORIENTATION)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def camera(data):
    """What EXIF `data` says of camera and exposure, as a dict with those of make, model, lens, exposure ("1/250",
    seconds), aperture (f-number), iso and focal_length (mm) that it has. Never a place, a date, a name or a number that
    tells one camera from another of its model."""
    head = first_directory(data)
    taken = directory(*tiff(data), head[CAMERA_DIRECTORY]) if isinstance(head.get(CAMERA_DIRECTORY), int) else {}
    found = {
        "make": text(head.get(MAKE)),
        "model": text(head.get(MODEL)),
        "lens": text(taken.get(LENS)),
        "exposure": exposure(taken.get(EXPOSURE)),
        "aperture": number(taken.get(APERTURE), 0.5, 100),
        "iso": taken[ISO] if isinstance(taken.get(ISO), int) and 1 <= taken[ISO] <= 10_000_000 else None,
        "focal_length": number(taken.get(FOCAL_LENGTH), 0.5, 10_000),
    }
    return {name: value for name, value in found.items() if value}


def text(value):
    """A value as a short plain text: one line of printable characters."""
    if not isinstance(value, bytes):
        return ""
    value = value.split(b"\0")[0].decode("utf-8", "ignore")
    value = "".join(character if character.isprintable() else " " for character in value)
    return " ".join(value.split())[:LONGEST_TEXT].strip()


def ratio(value):
    """A rational value as a float; None where it is none, or divides by zero."""
    return value[0] / value[1] if isinstance(value, tuple) and value[1] else None


def number(value, least, most):
    value = ratio(value)
    return round(value, 1) if value is not None and least <= value <= most else None


def exposure(value):
    """Seconds as photographers write them: "1/250", "0.5", "30"."""
    seconds = ratio(value)
    if seconds is None or not 0.00001 <= seconds <= 100_000:
        return ""
    return f"{seconds:.1f}".removesuffix(".0") if seconds >= 0.3 else f"1/{round(1 / seconds)}"


# --- The format -------------------------------------------------------------------------------------------------------


def tiff(data):
    """(the bytes that offsets count from, struct's sign for their byte order); ("", "") where it is no TIFF."""
    body = (data or b"").removeprefix(MARK)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4])
    return (body, order) if order and len(body) >= 8 else (b"", "")


def first_directory(data):
    body, order = tiff(data)
    return directory(body, order, struct.unpack_from(order + "I", body, 4)[0]) if body else {}


def directory(body, order, offset):
    """The entries of the directory at `offset`, as far as they are whole and of a type we read: {tag: value}."""
    if offset + 2 > len(body):
        return {}
    entries, count = {}, struct.unpack_from(order + "H", body, offset)[0]
    for index in range(min(count, MOST_ENTRIES)):
        at = offset + 2 + 12 * index
        if at + 12 > len(body):
            break
        tag, kind, length, place = struct.unpack_from(order + "HHII", body, at)
        if kind not in BYTES or not length:
            continue
        size = BYTES[kind] * (min(length, 4 * LONGEST_TEXT) if kind == ASCII else 1)
        start = at + 8 if BYTES[kind] * length <= 4 else place
        value = body[start : start + size]
        if len(value) == size:
            entries.setdefault(tag, plain(value, kind, order))
    return entries


def plain(value, kind, order):
    if kind == ASCII:
        return value
    if kind == RATIONAL:
        return struct.unpack(order + "II", value)
    return struct.unpack(order + {SHORT: "H", LONG: "I"}[kind], value)[0]
