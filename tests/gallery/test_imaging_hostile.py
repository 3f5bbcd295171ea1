"""Hostile and odd files: each becomes a correct picture or a clear message, and nothing of it comes out on the other side."""

from io import BytesIO

import numpy
import pytest
from PIL import Image

from gallery.imaging import PictureRefused, inspect, render
from tests import odd_pictures as odd
from tests.pictures import encoded, exif, scene

pytestmark = pytest.mark.once

# What Pillow reads beside our formats: writable ones, and two that are written by hand.
OTHERS = (
    "BMP",
    "DDS",
    "DIB",
    "EPS",
    "ICNS",
    "ICO",
    "JPEG2000",
    "MSP",
    "PCX",
    "PDF",
    "PPM",
    "PSD",
    "QOI",
    "SGI",
    "SPIDER",
    "TGA",
    "TIFF",
    "XBM",
)


def refusal(act, data):
    with pytest.raises(PictureRefused) as caught:
        act(BytesIO(data))
    return caught.value


def made(data):
    rendered = render(BytesIO(data), widths=[64])
    return rendered, {file.spec: file for file in rendered.files}


class TestOtherDecoders:
    @pytest.mark.parametrize("format", OTHERS)
    def test_no_other_format_is_a_picture_to_us(self, format, monkeypatch):
        """By its content alone: no name is asked, and no decoder of Pillow is tried, neither here nor in the child."""
        data = odd.of_format(format)
        monkeypatch.setattr(Image, "open", lambda *_a, **_k: pytest.fail("a decoder was asked"))
        for act in (inspect, render):
            assert refusal(act, data).code in ("unsupported", "not_a_picture")

    @pytest.mark.parametrize(
        ("start", "kind"),
        [
            (
                b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a drawing -->\n<svg xmlns='http://www.w3.org/2000/svg'/>",
                "SVG",
            ),
            (b"  <SVG onload=alert(1)>", "SVG"),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "Video"),
            (b"\0\0\0\x18ftypisom\0\0\2\0isommp42", "Video"),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
            (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
            (b"%PDF-1.7", "PDF"),
        ],
    )
    def test_what_people_choose_by_mistake_is_named(self, start, kind):
        caught = refusal(inspect, start + bytes(40))
        assert caught.code == "unsupported"
        assert kind in caught.message

    def test_heif_around_another_codec_is_refused(self):
        data = odd.small("HEIC").replace(b"hvc1", b"j2k1")
        assert refusal(inspect, data).code == "unsupported"


class TestClaims:
    HUGE = {
        "PNG": odd.png(2**31 - 1, 2**31 - 1, data=b""),
        "GIF": odd.gif_claiming(65_535, 65_535),
        "WEBP": odd.webp_claiming(16_000_000, 16_000_000),
        "JPEG": None,
        "HEIC": None,
        "AVIF": None,
    }

    @pytest.mark.parametrize("format", odd.SIX)
    def test_huge_claim_is_refused_before_anything_is_unpacked(self, format):
        data = self.HUGE[format]
        if format == "JPEG":
            data = bytearray(odd.small("JPEG"))
            at = data.index(b"\xff\xc0") + 5
            data[at : at + 4] = b"\xff\xff\xff\xff"
        elif data is None:
            data = odd.claiming(odd.small(format), 2**32 - 1, 2**32 - 1)
        for act in (inspect, render):
            caught = refusal(act, bytes(data))
            assert caught.code == "too_many_pixels"
            assert "up to 60" in caught.message

    @pytest.mark.parametrize("format", odd.SIX)
    def test_picture_without_size_is_refused(self, format):
        data = {
            "PNG": odd.png(0, 8, data=b""),
            "GIF": odd.gif_claiming(0, 0),
            "JPEG": odd.small("JPEG").replace(b"\xff\xc0\x00\x11\x08\x00\x30", b"\xff\xc0\x00\x11\x08\x00\x00"),
            "WEBP": odd.small("WEBP")[:26].replace(b"\x48\x00", b"\0\0"),
            "HEIC": odd.claiming(odd.small("HEIC"), 0, 0),
            "AVIF": odd.claiming(odd.small("AVIF"), 0, 0),
        }[format]
        for act in (inspect, render):
            assert refusal(act, data).code == "broken"

    def test_frame_that_is_larger_than_its_screen_counts_as_large_as_it_is(self):
        caught = refusal(render, odd.gif_claiming(8, 8, frame=(60_000, 60_000)))
        assert caught.code == "too_many_pixels"
        assert "megapixels" in caught.message

    @pytest.mark.parametrize(
        "data",
        [
            odd.webp_claiming(3000, 2000),
            odd.claiming(odd.small("AVIF"), 16, 16),
            odd.claiming(odd.small("AVIF"), 5000, 4000),
            odd.claiming(odd.small("HEIC"), 16, 16),
            odd.claiming(odd.small("HEIC"), 5000, 4000),
        ],
        ids=["WebP", "AVIF smaller", "AVIF larger", "HEIC smaller", "HEIC larger"],
    )
    def test_claim_that_its_pixels_do_not_keep_is_found_out_or_made_good(self, data):
        try:
            rendered, _files = made(data)
        except PictureRefused as caught:
            assert caught.code in ("broken", "crashed", "too_costly")
        else:
            assert rendered.width * rendered.height <= 60_000_000


class TestBombs:
    def test_png_of_a_few_kilobytes_with_more_pixels_than_the_limit(self, settings):
        settings.UPLOAD_MAX_PIXELS = 1_000_000
        assert refusal(render, odd.png(1200, 1200, depth=1, colour=0)).code == "too_many_pixels"

    @pytest.mark.parametrize("format", ["WEBP", "HEIC", "AVIF"])
    def test_more_pixels_than_the_limit_behind_a_head_that_says_less(self, format, settings):
        settings.UPLOAD_MAX_PIXELS = 1_000_000
        large = encoded(Image.new("RGB", (1200, 1200), "teal"), format)
        data = odd.webp_claiming(64, 64, around=large) if format == "WEBP" else odd.claiming(large, 64, 64)
        assert inspect(BytesIO(data)).width == 64
        try:
            rendered, files = made(data)
        except PictureRefused as caught:
            assert caught.code in ("too_many_pixels", "broken", "too_costly")
        else:
            # AVIF's decoder draws what it finds at the size that the head says.
            assert (format, rendered.width, files["width-64"].width) == ("AVIF", 64, 64)

    def test_pixels_that_unpack_to_far_more_than_their_head_says(self, settings):
        """A hundred megabytes in a hundred kilobytes, for 64 pixels."""
        settings.DECODE_MEMORY = 200_000_000
        data = odd.png(8, 8, data=bytes(100_000_000))
        try:
            rendered, _files = made(data)
        except PictureRefused as caught:
            assert caught.code == "broken"
        else:
            assert rendered.width == 8

    @pytest.mark.parametrize("name", [b"zTXt", b"iTXt", b"iCCP"])
    def test_packed_text_and_profiles_are_not_unpacked(self, name, settings):
        """Twenty megabytes in twenty kilobytes, as many times as fit: the child would feel it."""
        settings.DECODE_MEMORY = 200_000_000
        data = odd.png(extra=[odd.packed_text(name)] * (12 if name != b"iCCP" else 1))
        assert len(data) < 400_000
        try:
            _rendered, files = made(data)
        except PictureRefused as caught:
            assert name == b"iCCP"
            assert caught.code == "broken"
        else:
            assert files["width-8"].width == 8

    def test_text_of_a_png_cannot_stand_for_what_the_decoder_found(self):
        """Its keys would stand beside Pillow's own: a profile, EXIF, transparency."""
        text = [(b"tEXt", key + b"\0nonsense") for key in (b"icc_profile", b"exif", b"transparency", b"interlace")]
        assert made(odd.png(extra=text))[0].width == 8

    @pytest.mark.parametrize("size", [(1, 1), (300, 200)])
    def test_ten_thousand_frames(self, size):
        caught = refusal(render, odd.gif_of_frames(10_000, *size))
        assert caught.code == "too_many_frames"
        assert "150 megapixels" in caught.message

    @pytest.mark.parametrize("format", ["GIF", "WEBP", "AVIF"])
    def test_frames_are_counted_together(self, format, settings):
        settings.UPLOAD_MAX_ANIMATED_PIXELS = 150_000
        frames = [Image.new("RGB", (250, 200), colour) for colour in ("red", "teal", "gold", "navy")]
        data = encoded(frames[0], format, save_all=True, append_images=frames[1:3], duration=50)
        assert made(data)[0].animated
        data = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=50)
        assert refusal(render, data).code == "too_many_frames"


class TestTwoInOne:
    def test_page_behind_a_jpeg_or_in_its_comment(self):
        data = encoded(scene(72, 48), "JPEG", comment=odd.SCRIPT) + odd.SCRIPT
        assert inspect(BytesIO(data)).mime == "image/jpeg"
        assert all(b"script" not in file.data for file in made(data)[0].files)

    def test_gif_that_is_a_program_as_well(self):
        data = encoded(scene(72, 48), "GIF", comment=b"*/=1;alert(document.domain)//")
        assert inspect(BytesIO(data)).mime == "image/gif"
        assert all(b"alert" not in file.data for file in made(data)[0].files)

    @pytest.mark.parametrize("format", odd.SIX)
    def test_page_that_hangs_behind_any_picture(self, format):
        rendered, _files = made(odd.small(format) + odd.SCRIPT)
        assert all(b"script" not in file.data for file in rendered.files)

    def test_program_with_the_first_bytes_of_a_gif(self):
        assert refusal(render, b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)").code in ("broken", "too_many_pixels")

    def test_page_with_the_first_bytes_of_a_jpeg(self):
        assert refusal(render, b"\xff\xd8\xff\xe0" + b"<html>" * 100).code == "broken"


class TestHalves:
    @pytest.mark.parametrize("tenths", range(1, 10))
    @pytest.mark.parametrize("format", ["HEIC", "AVIF"])
    def test_broken_off_heic_and_avif_are_seen_without_decoding(self, format, tenths):
        data = odd.small(format)
        assert refusal(inspect, data[: len(data) * tenths // 10]).code == "broken"

    @pytest.mark.parametrize("tenths", range(1, 10))
    @pytest.mark.parametrize("format", ["GIF", "WEBP"])
    def test_animation_that_breaks_off_is_a_clear_message_or_what_is_left_of_it(self, format, tenths):
        frames = [scene(48, 32), *(Image.new("RGB", (48, 32), colour) for colour in ("red", "teal"))]
        data = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=50)
        try:
            rendered, _files = made(data[: len(data) * tenths // 10])
        except PictureRefused as caught:
            assert caught.code == "broken"
        else:
            assert rendered.width == 48

    @pytest.mark.parametrize("format", odd.SIX)
    def test_few_first_bytes_of_any_kind(self, format):
        for length in range(1, 30):
            assert refusal(inspect, odd.small(format)[:length]).code in ("broken", "not_a_picture")


class TestOddButTrue:
    def test_jpeg_with_its_colours_inverted_as_adobe_writes_them(self):
        picture = Image.new("CMYK", (72, 48), (0, 200, 200, 0))
        _rendered, files = made(encoded(picture, "JPEG"))
        red, green, blue = numpy.asarray(Image.open(BytesIO(files["width-64"].data)).convert("RGB"))[20, 20]
        assert red > 200 and green < 100 and blue < 100

    @pytest.mark.parametrize(
        ("depth", "colour"),
        [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (8, 4), (16, 4), (8, 6), (16, 6)],
    )
    def test_every_kind_of_png(self, depth, colour):
        rendered, files = made(odd.png(72, 48, depth=depth, colour=colour))
        assert (rendered.width, rendered.height) == (72, 48)
        assert Image.open(BytesIO(files["width-64"].data)).convert("RGB").getpixel((5, 5)) == (0, 0, 0)

    @pytest.mark.parametrize(
        ("colour", "values", "wanted"),
        [
            (2, (0x8000, 0x4000, 0xC000), (128, 64, 192, 255)),
            (4, (0x8000, 0x4000), (128, 128, 128, 64)),
            (6, (0x8000, 0x4000, 0xC000, 0xC000), (128, 64, 192, 192)),
        ],
    )
    def test_sixteen_bits_a_channel_are_scaled(self, colour, values, wanted):
        row = b"\0" + b"".join(value.to_bytes(2, "big") for value in values) * 72
        _rendered, files = made(odd.png(72, 48, depth=16, colour=colour, data=row * 48))
        seen = Image.open(BytesIO(files["width-64"].data)).convert("RGBA").getpixel((20, 20))
        assert all(abs(one - other) <= 6 for one, other in zip(seen, wanted, strict=True)), seen

    def test_jpeg_with_bytes_between_its_segments(self):
        data = odd.small("JPEG")
        data = data[:2] + b"\xff" * 7 + b"\xff\xd0\0\1" + data[2:]
        assert inspect(BytesIO(data)).width == 72

    def test_picture_of_one_pixel(self):
        for format in ("JPEG", "PNG", "WEBP", "GIF", "AVIF"):
            assert made(encoded(Image.new("RGB", (1, 1), "teal"), format))[0].width == 1


class TestPlaces:
    """A place in EXIF, XMP or an embedded thumbnail is in no byte that comes out."""

    XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>64,8.7N</exif:GPSLatitude>SecretPlace</x:xmpmeta>'

    def with_thumbnail(self):
        """EXIF with a thumbnail that carries the place once more."""
        inner = encoded(scene(24, 16), "JPEG", exif=exif(1), comment=b"SecretThumbnail")
        data = Image.Exif()
        data.load(exif(1))
        whole = bytearray(data.tobytes())
        return bytes(whole) + inner

    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIC", "AVIF"])
    def test_no_place_comes_out(self, format):
        options = {"exif": self.with_thumbnail()}
        if format == "PNG":
            from PIL.PngImagePlugin import PngInfo

            options["pnginfo"] = PngInfo()
            options["pnginfo"].add_itxt("XML:com.adobe.xmp", self.XMP.decode())
        else:
            options["xmp"] = self.XMP
        data = encoded(scene(72, 48), format, **options)
        assert b"SecretPlace" in data
        # Pillow leaves the thumbnail out where it writes an AVIF.
        assert (b"SecretThumbnail" in data) == (format != "AVIF")
        rendered, _files = made(data)
        for file in rendered.files:
            for mark in (b"Secret", b"GPS", b"Exif", b"EXIF", b"xmpmeta", b"XMP ", b"ICCP"):
                assert mark not in file.data
        assert not {"place", "gps", "latitude"} & set(rendered.camera)

    def test_no_words_of_an_agency_come_out(self):
        """IPTC, in a block of Photoshop's: a city is one of its fields (2:90)."""
        field = b"\x1c\x02\x5a\0\x0aSecretCity"
        block = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(field).to_bytes(4, "big") + field + b"\0"
        segment = b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block
        data = encoded(scene(72, 48), "JPEG")
        data = data[:2] + segment + data[2:]
        assert Image.open(BytesIO(data)).info["photoshop"]
        for file in made(data)[0].files:
            assert b"SecretCity" not in file.data and b"Photoshop" not in file.data
