"""Reads the head of HEIC and AVIF files: boxes of the ISO base media file format (ISO/IEC 14496-12 and 23008-12).

A file names one primary item; its properties hold the size and how often it is turned. Items, properties and what
belongs to which stand in the box `meta`, which is read once, and no further than its limit.
"""

import struct

from .heads import Unreadable

MOST_BOXES = 256
MOST_META = 1024 * 1024  # bytes; a phone's 48 megapixels in tiles take about 15,000
CODECS = {b"hvc1": "HEIC", b"hev1": "HEIC", b"av01": "AVIF"}
DERIVED = (b"grid", b"iden", b"iovl")  # items put together from others


def heif(source):
    """(format, width, height, orientation): format "HEIC" or "AVIF", or "HEIF" where something else is in it.

    The size is that of the decoded picture; orientation is 6 where it is turned by a quarter, so that sides swap.
    """
    meta = find_meta(source)
    primary, types = items(meta)
    format = CODECS.get(types.get(primary), "HEIF")
    if types.get(primary) in DERIVED:
        format = next((CODECS[kind] for kind in types.values() if kind in CODECS), "HEIF")
    width = height = turns = 0
    for name, value in properties(meta, primary):
        if name == b"ispe" and len(value) >= 12 and not width:
            width, height = struct.unpack_from(">II", value, 4)
        elif name == b"clap" and len(value) >= 16:
            # What of it is shown: encoders fill a picture up to whole blocks.
            width, height = (
                shown(width, *struct.unpack_from(">II", value)),
                shown(height, *struct.unpack_from(">II", value, 8)),
            )
        elif name == b"irot" and value:
            turns = value[0] & 3
    return format, width, height, 6 if turns % 2 else 1


def shown(length, parts, whole):
    """A side of which `parts` / `whole` pixels are shown; as it was where that makes no sense."""
    return min(length, max(1, parts // whole)) if whole else length


def find_meta(source):
    """The children of the file's box `meta`, as {name: content}. Raises Unreadable where the file breaks off."""
    offset, meta = 0, None
    for _box in range(MOST_BOXES):
        head = source.read(offset, 16)
        if len(head) < 8:
            break
        length, name = struct.unpack(">I4s", head[:8])
        start = 8
        if length == 1 and len(head) == 16:
            length, start = int.from_bytes(head[8:], "big"), 16
        elif length == 0:
            length = source.size - offset
        whole = start <= length <= source.size - offset
        if name == b"meta" and meta is None:
            if not whole or length > MOST_META:
                raise Unreadable
            meta = dict(children(source.need(offset + start, length - start), 4))
        elif not whole:
            # Cameras hang things of their own behind the last box; pixels that break off are another matter.
            if meta is None or name in (b"mdat", b"moov", b"idat"):
                raise Unreadable
            break
        offset += length
    if meta is None:
        raise Unreadable
    return meta


def children(data, offset=0):
    """(name, content) of each box in `data` from `offset` on."""
    while offset + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, offset)
        length = length or len(data) - offset
        if length < 8 or offset + length > len(data):
            raise Unreadable
        yield name, data[offset + 8 : offset + length]
        offset += length


def number(data, offset, size):
    """A whole number of `size` bytes. Raises Unreadable where they are not there."""
    if offset + size > len(data):
        raise Unreadable
    return int.from_bytes(data[offset : offset + size], "big")


def items(meta):
    """(id of the primary item, {id: type of the item})."""
    chosen, listed = meta.get(b"pitm", b""), meta.get(b"iinf", b"")
    primary = number(chosen, 4, 4 if number(chosen, 0, 1) else 2)
    types = {}
    for name, entry in children(listed, 8 if number(listed, 0, 1) else 6):
        if name == b"infe" and number(entry, 0, 1) in (2, 3):
            size = 4 if entry[0] == 3 else 2
            types.setdefault(number(entry, 4, size), entry[6 + size : 10 + size])
    return primary, types


def properties(meta, item):
    """(name, content) of each property of this item, in the order in which they apply."""
    described = dict(children(meta.get(b"iprp", b"")))
    known = list(children(described.get(b"ipco", b"")))
    owned = described.get(b"ipma", b"")
    wide_id, wide_index = number(owned, 0, 1) > 0, number(owned, 3, 1) & 1
    offset = 8
    for _entry in range(min(number(owned, 4, 4), len(owned))):
        owner = number(owned, offset, 4 if wide_id else 2)
        offset += 4 if wide_id else 2
        count = number(owned, offset, 1)
        size = 2 if wide_index else 1
        if owner == item:
            indices = [number(owned, offset + 1 + size * at, size) for at in range(count)]
            indices = [index & (0x7FFF if wide_index else 0x7F) for index in indices]
            return [known[index - 1] for index in indices if 1 <= index <= len(known)]
        offset += 1 + size * count
    return []
