"""Odd and hostile files for tests, made here from their formats' own descriptions: bombs, liars, half files, two in one."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from tests.pictures import encoded, exif, scene

SCRIPT = b"<script>alert(document.domain)</script>"
SIX = ("JPEG", "PNG", "WEBP", "GIF", "HEIC", "AVIF")
_small = {}


def small(format):
    """The bytes of a small valid picture with EXIF where the format has it; made once, as HEIC takes its time."""
    if format not in _small:
        _small[format] = encoded(scene(72, 48), format, exif=exif(1))
    return _small[format]


def chunk(name, data):
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=8, height=8, *, extra=(), depth=8, colour=2, data=None):
    """A PNG whose head says this, with `extra` chunks before the pixels; `data` are its unpacked pixels, zeros if None."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    if data is None:
        data = bytes((1 + (width * channels * depth + 7) // 8) * height)
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = b"".join(chunk(name, content) for name, content in extra)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + body
        + chunk(b"IDAT", zlib.compress(data, 9))
        + chunk(b"IEND", b"")
    )


def packed_text(name, unpacked=20_000_000):
    """A chunk of a PNG that unpacks to so many bytes: packed text, international text, or a colour profile."""
    packed = zlib.compress(bytes(unpacked), 9)
    content = {
        b"zTXt": b"Comment\0\0" + packed,
        b"iTXt": b"XML:com.adobe.xmp\0\1\0\0\0" + packed,
        b"iCCP": b"profile\0\0" + packed,
    }
    return name, content[name]


def gif_claiming(width, height, frame=None):
    """A small GIF whose screen claims this size; `frame` (width, height) is what its first frame claims."""
    data = bytearray(encoded(Image.new("P", (8, 8)), "GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    if frame:
        at = data.index(b",\0\0\0\0") + 5
        data[at : at + 4] = struct.pack("<HH", *frame)
    return bytes(data)


def gif_of_frames(frames, width=1, height=1):
    """A GIF of so many frames of a pixel each on a canvas of this size; few bytes each."""
    head = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    one = b"!\xf9\x04\0\x04\0\0\0" + b",\0\0\0\0\x01\0\x01\0\0" + b"\x02\x02\x44\x01\0"
    return head + one * frames + b";"


def webp_claiming(width, height, around=None):
    """A WebP whose canvas claims this size, around a small picture, or the one that `around` holds."""
    still = around or encoded(scene(24, 16), "WEBP")
    head = (
        b"VP8X"
        + struct.pack("<I", 10)
        + bytes(4)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBP" + head + still[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def claiming(data, width, height):
    """A HEIC or AVIF whose every item claims this size."""
    data, at = bytearray(data), 0
    while (at := data.find(b"ispe", at)) >= 0:
        data[at + 8 : at + 16] = struct.pack(">II", width, height)
        at += 4
    at = data.find(b"clap")
    if at >= 0:
        data[at : at + 4] = b"free"
    return bytes(data)


def endless_jpeg(scans=1500):
    """A small JPEG that takes seconds to decode: its last, nearly empty scan again and again over many pixels."""
    data = encoded(Image.new("L", (6000, 6000), 90), "JPEG", progressive=True, quality=50)
    start = data.rindex(b"\xff\xda")
    # With its tables, which stand before the scan.
    tables = data.rindex(b"\xff\xc4", 0, start)
    scan = data[tables:-2]
    return data[:-2] + scan * scans + b"\xff\xd9"


def of_format(format):
    """The bytes of a picture in a format that Pillow reads and that we do not."""
    out = BytesIO()
    picture = scene(24, 16)
    if format == "EPS":
        return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 24 16\n%%EndComments\nshowpage\n"
    if format == "PSD":
        return b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 16, 24, 8, 3) + bytes(200)
    if format in ("MSP", "XBM"):
        picture = picture.convert("1")
    if format in ("PALM", "SPIDER"):
        picture = picture.convert("L" if format == "PALM" else "F")
    picture.save(out, format)
    return out.getvalue()
