"""Heads as cameras and programs write them: sizes and turns are read without decoding."""

from io import BytesIO

import pytest
from PIL import Image

from gallery.imaging import PictureRefused, inspect, render
from tests import odd_pictures as odd
from tests.pictures import encoded, exif, photo, scene

pytestmark = pytest.mark.once


def size(data):
    facts = inspect(BytesIO(data))
    return facts.width, facts.height


def box(name, content):
    return (len(content) + 8).to_bytes(4, "big") + name + content


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"quality": 10}], ids=["lossy", "lossless", "small"])
def test_webp_without_extension(options):
    assert size(encoded(scene(60, 40), "WEBP", **options)) == (60, 40)


def test_webp_whose_exif_stands_behind_its_pixels():
    assert size(photo(60, 40, orientation=6, format="WEBP")) == (60, 40)


@pytest.mark.parametrize("mark", [0xC0, 0xC2], ids=["baseline", "progressive"])
def test_jpeg_of_both_kinds(mark):
    data = encoded(scene(60, 40), "JPEG", progressive=mark == 0xC2)
    assert bytes([0xFF, mark]) in data
    assert size(data) == (60, 40)


def test_jpeg_with_large_segments_before_its_size():
    """Depth maps and the like stand there, in pieces of 64 kilobytes."""
    data = odd.small("JPEG")
    segment = b"\xff\xe2\xff\xff" + bytes(0xFFFD)
    assert size(data[:2] + segment * 30 + data[2:]) == (72, 48)


def test_jpeg_with_no_end_of_segments():
    data = b"\xff\xd8" + b"\xff\xe2\0\2" * 20_000
    with pytest.raises(PictureRefused):
        inspect(BytesIO(data))


def test_png_whose_exif_stands_behind_its_pixels():
    data = encoded(scene(60, 40), "PNG")
    turned = data[:-12] + odd.chunk(b"eXIf", exif(6)[6:]) + data[-12:]
    assert size(turned) == (40, 60)
    assert render(BytesIO(turned), widths=[40]).width == 40


@pytest.mark.parametrize("format", ["HEIC", "AVIF"])
def test_what_cameras_hang_behind_the_last_box_is_passed_over(format):
    assert size(odd.small(format) + b"\0\0\0\0SEFT trailer of a camera" + bytes(40)) == (72, 48)


@pytest.mark.parametrize("format", ["HEIC", "AVIF"])
def test_box_with_a_long_size(format):
    """Sizes above four gigabytes are written so; some programs always do."""
    data = odd.small(format)
    data += (1).to_bytes(4, "big") + b"free" + (24).to_bytes(8, "big") + bytes(8)
    assert size(data) == (72, 48)


@pytest.mark.parametrize("brand", [b"mif1", b"heix", b"msf1"])
def test_heic_under_its_other_names(brand):
    data = bytearray(odd.small("HEIC"))
    data[8:12] = brand
    assert inspect(BytesIO(bytes(data))).format == "HEIC"
    assert render(BytesIO(bytes(data)), widths=[72]).width == 72


def test_avif_under_the_name_that_both_share():
    data = bytearray(odd.small("AVIF"))
    data[8:12] = b"mif1"
    assert inspect(BytesIO(bytes(data))).format == "AVIF"
    assert render(BytesIO(bytes(data)), widths=[72]).width == 72


def test_picture_put_together_from_tiles_as_phones_do():
    """The head alone: an item "grid", whose tiles say which codec it is."""

    def entry(number, kind):
        return box(b"infe", b"\2\0\0\0" + number.to_bytes(2, "big") + b"\0\0" + kind + b"\0")

    names = box(b"iinf", bytes(4) + b"\0\3" + entry(1, b"hvc1") + entry(2, b"hvc1") + entry(3, b"grid"))
    known = box(
        b"ipco",
        box(b"ispe", bytes(4) + (512).to_bytes(4, "big") * 2)
        + box(b"ispe", bytes(4) + b"\0\0\x0f\xc0\0\0\x0b\xd0")
        + box(b"irot", b"\1"),
    )
    owned = box(b"ipma", bytes(4) + (2).to_bytes(4, "big") + b"\0\1\1\1" + b"\0\3\2\x02\x83")
    meta = box(b"meta", bytes(4) + box(b"pitm", bytes(4) + b"\0\3") + names + box(b"iprp", known + owned))
    facts = inspect(BytesIO(box(b"ftyp", b"heic\0\0\0\0mif1heic") + meta + box(b"mdat", bytes(100))))
    assert (facts.format, facts.width, facts.height) == ("HEIC", 0x0BD0, 0x0FC0)


@pytest.mark.parametrize("cut", [b"pitm", b"iinf", b"iprp", b"ipma", b"ispe"])
def test_heif_without_one_of_the_boxes_that_say_its_size(cut):
    with pytest.raises(PictureRefused) as caught:
        inspect(BytesIO(odd.small("HEIC").replace(cut, b"free")))
    assert caught.value.code in ("broken", "unsupported")


def test_gif_of_any_screen():
    assert size(encoded(Image.new("P", (60, 40)), "GIF")) == (60, 40)


def test_picture_of_tiles_becomes_one_again():
    data = encoded(scene(150, 100), "HEIC", tile_size=64)
    assert b"grid" in data
    assert size(data) == (150, 100)
    assert render(BytesIO(data), widths=[150]).width == 150
