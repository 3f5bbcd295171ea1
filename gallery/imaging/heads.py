"""Reads the heads of JPEG, PNG, WebP and GIF files: how large the picture says it is, and which way is up.

Pure Python over a few bytes at a time: nothing is unpacked, nothing is allocated by what a file declares, and no loop
runs longer than its limit. HEIC and AVIF stand in `boxes`.
"""

import os
import struct

from .decoder import exif

MOST_SEGMENTS = 4096  # of a JPEG before its size
MOST_CHUNKS = 10_000  # of a PNG (a whole one of 40 MB has about 5,000) or a WebP
MOST_EXIF = 1024 * 1024  # bytes
SIDEWAYS = (5, 6, 7, 8)  # orientations that swap width and height
NO_SEGMENT = (0x00, 0x01, *range(0xD0, 0xD9))  # markers of a JPEG that no length follows
FRAMES = (0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)


class Unreadable(Exception):
    """The head makes no sense, or the file breaks off."""


class Source:
    """A seekable file as bytes at offsets. What lies behind its end reads as nothing."""

    def __init__(self, file):
        self.file = file
        file.seek(0, os.SEEK_END)
        self.size = file.tell()

    def read(self, offset, length):
        if offset >= self.size:
            return b""
        self.file.seek(offset)
        return self.file.read(length)

    def need(self, offset, length):
        """`length` bytes at `offset`. Raises Unreadable where there are fewer."""
        data = self.read(offset, length)
        if len(data) < length:
            raise Unreadable
        return data


def jpeg(source):
    """(width, height, orientation) of a JPEG: from the segments before its pixels."""
    offset, found = 2, b""
    for _segment in range(MOST_SEGMENTS):
        mark, marker, length = struct.unpack(">BBH", source.need(offset, 4))
        if mark != 0xFF:
            offset = next_mark(source, offset)
        elif marker == 0xFF:
            offset += 1
        elif marker in NO_SEGMENT:
            offset += 2
        elif marker in FRAMES:
            height, width = struct.unpack(">HH", source.need(offset + 5, 4))
            return width, height, exif.orientation(found)
        elif length < 2 or marker in (0xD9, 0xDA):
            raise Unreadable
        else:
            if marker == 0xE1 and not found and source.read(offset + 4, 6) == exif.MARK:
                found = source.read(offset + 4, length - 2)
            offset += 2 + length
    raise Unreadable


def next_mark(source, offset):
    """Where the next byte 255 stands; decoders pass over what lies before it."""
    at = source.read(offset, 4096).find(b"\xff")
    if at < 0:
        raise Unreadable
    return offset + at


def png(source):
    """(width, height, orientation) of a PNG. Raises Unreadable as well where it breaks off."""
    if source.need(8, 8) != b"\0\0\0\rIHDR":
        raise Unreadable
    width, height = struct.unpack(">II", source.need(16, 8))
    offset, found = 8, b""
    for _chunk in range(MOST_CHUNKS):
        length, name = struct.unpack(">I4s", source.need(offset, 8))
        if not name.isalpha() or offset + 12 + length > source.size:
            raise Unreadable
        if name == b"IEND":
            break
        if name == b"eXIf" and not found:
            found = source.read(offset + 8, min(length, MOST_EXIF))
        offset += 12 + length
    return width, height, exif.orientation(found)


def webp(source):
    """(width, height, orientation) of a WebP. Raises Unreadable as well where it breaks off."""
    if int.from_bytes(source.need(4, 4), "little") + 8 > source.size:
        raise Unreadable
    name, head = source.need(12, 4), source.need(20, 10)
    if name == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height, exif.orientation(exif_of_webp(source) if head[0] & 8 else b"")
    if name == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        width, height = (size & 0x3FFF for size in struct.unpack("<HH", head[6:10]))
        return width, height, 1
    if name == b"VP8L" and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, 1
    raise Unreadable


def exif_of_webp(source):
    offset = 12
    for _chunk in range(MOST_CHUNKS):
        head = source.read(offset, 8)
        if len(head) < 8:
            break
        name, length = struct.unpack("<4sI", head)
        if name == b"EXIF":
            return source.read(offset + 8, min(length, MOST_EXIF))
        offset += 8 + length + length % 2
    return b""


def gif(source):
    """(width, height, orientation) of a GIF: its logical screen. Raises Unreadable as well where nothing follows it."""
    width, height, flags = struct.unpack("<HHB", source.need(6, 5))
    palette = 3 << (flags & 7) + 1 if flags & 0x80 else 0
    if source.read(13 + palette, 1) not in (b"!", b",", b"\0"):
        raise Unreadable
    return width, height, 1
