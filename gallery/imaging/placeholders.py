"""The placeholder of a picture as an address that a page can hold: a few pixels, drawn from its ThumbHash.

The format is described at `decoder.summary`, which makes them. No library is asked: lists draw one for each picture.
"""

import struct
import zlib
from base64 import b64encode
from functools import lru_cache
from math import cos, pi

SIDE = 16  # pixels, the longest side: a browser draws it up softly, and there is no more in it


@lru_cache(maxsize=4096)
def placeholder_url(placeholder):
    """A `data:` address (a PNG of at most 16 × 16 pixels) for a ThumbHash as bytes; "" for none, and for nonsense."""
    try:
        width, height, rows = drawn(bytes(placeholder))
    except (IndexError, ValueError):
        return ""
    return "data:image/png;base64," + b64encode(png(width, height, rows)).decode()


def drawn(data):
    """(width, height, rows of RGBA bytes) of a ThumbHash. Raises IndexError where bytes are missing."""
    head, shape = int.from_bytes(data[:3], "little"), data[3] | data[4] << 8
    has_alpha, wide = head >> 23, shape >> 15
    longer, shorter = (5 if has_alpha else 7), shape & 7
    if not 1 <= shorter <= longer:
        raise ValueError
    across, down = (longer, shorter) if wide else (shorter, longer)
    halves = [half / 7.5 - 1 for byte in data[6 if has_alpha else 5 :] for half in (byte & 15, byte >> 4)]
    parts = [
        ((head & 63) / 63, (head >> 18 & 31) / 31, max(3, across), max(3, down)),
        # Colours a little stronger than they were: rounding to four bits made them pale.
        ((head >> 6 & 63) / 31.5 - 1, (shape >> 3 & 63) / 63 * 1.25, 3, 3),
        ((head >> 12 & 63) / 31.5 - 1, (shape >> 9 & 63) / 63 * 1.25, 3, 3),
    ]
    if has_alpha:
        parts.append(((data[5] & 15) / 15, (data[5] >> 4) / 15, 5, 5))
    width, height = (max(1, round(SIDE * length / max(across, down))) for length in (across, down))
    channels = []
    for mean, most, waves_across, waves_down in parts:
        count = sum(1 for _wave in waves(waves_across, waves_down))
        if count > len(halves):
            raise IndexError
        strengths, halves = [half * most for half in halves[:count]], halves[count:]
        channels.append(channel(mean, strengths, waves_across, waves_down, width, height))
    return width, height, [row(*(channel[y] for channel in channels)) for y in range(height)]


def waves(across, down):
    """(wave across, wave down) of each coefficient behind the mean, in the order in which they are stored."""
    for wave_down in range(down):
        for wave_across in range(0 if wave_down else 1, across):
            if wave_across * down >= across * (down - wave_down):
                break
            yield wave_across, wave_down


def channel(mean, strengths, across, down, width, height):
    """A channel's values, by row."""
    columns = [[cos(pi / width * wave * (x + 0.5)) for x in range(width)] for wave in range(across)]
    values = []
    for y in range(height):
        factors = [cos(pi / height * wave * (y + 0.5)) * (2 if wave else 1) for wave in range(down)]
        line = [mean] * width
        along = [0.0] * across
        for (wave_across, wave_down), strength in zip(waves(across, down), strengths, strict=True):
            along[wave_across] += strength * factors[wave_down] * (2 if wave_across else 1)
        for wave, amount in enumerate(along):
            if amount:
                line = [value + amount * part for value, part in zip(line, columns[wave], strict=True)]
        values.append(line)
    return values


def row(light, yellow, red, cover=None):
    """One row of pixels as bytes, RGBA, from brightness and the two differences of colours."""
    line = bytearray()
    for at, brightness in enumerate(light):
        blue = brightness - 2 / 3 * yellow[at]
        warm = (3 * brightness - blue + red[at]) / 2
        for value in (warm, warm - red[at], blue, cover[at] if cover else 1):
            line.append(round(255 * min(1, max(0, value))))
    return bytes(line)


def png(width, height, rows):
    """RGBA rows as a PNG, each pixel as the difference from its neighbour: soft pictures pack well so."""
    lines = bytearray()
    for line in rows:
        lines.append(1)
        lines += bytes((line[at] - (line[at - 4] if at >= 4 else 0)) & 255 for at in range(len(line)))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
