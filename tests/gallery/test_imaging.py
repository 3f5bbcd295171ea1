"""Looking at uploads without decoding them, and making renditions: upright, in sRGB, without metadata."""

import struct
import zlib
from io import BytesIO

import numpy
import pytest
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin
from skimage.metrics import structural_similarity

from gallery.files import StorageUnavailable
from gallery.imaging import PictureRefused, inspect, render
from gallery.imaging.decoder.outputs import renditions
from gallery.imaging.decoder.pixels import opened
from tests.pictures import encoded, photo, scene, srgb_profile, stored_as

pytestmark = pytest.mark.once

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIC", "AVIF")
TURNED = ("JPEG", "PNG", "WEBP", "HEIC", "AVIF")  # a GIF has no orientation
JPEGS = ["preview-jpeg", "blurred-jpeg"]


def made(data, **options):
    """The renditions of these bytes by spec."""
    return {file.spec: file for file in render(BytesIO(data), **options).files}


def pixels(rendition, mode="RGB"):
    return numpy.asarray(Image.open(BytesIO(rendition.data)).convert(mode))


def likeness(one, other):
    """Structural similarity of two pictures of one size: 1 for the same, on all three channels."""
    return structural_similarity(one, other, channel_axis=2)


def refusal(act, data):
    with pytest.raises(PictureRefused) as caught:
        act(BytesIO(data))
    return caught.value


def png_claiming(width, height):
    """A small PNG whose header claims this size in pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


class TestInspect:
    @pytest.mark.parametrize(
        ("format", "mime", "extension"),
        [
            ("JPEG", "image/jpeg", "jpg"),
            ("PNG", "image/png", "png"),
            ("WEBP", "image/webp", "webp"),
            ("GIF", "image/gif", "gif"),
            ("HEIC", "image/heic", "heic"),
            ("AVIF", "image/avif", "avif"),
        ],
    )
    def test_tells_the_kind_by_content(self, format, mime, extension):
        facts = inspect(BytesIO(photo(60, 40, format=format)))
        assert (facts.format, facts.mime, facts.extension) == (format, mime, extension)

    @pytest.mark.parametrize("format", TURNED)
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_tells_the_size_as_people_will_see_it(self, format, orientation):
        facts = inspect(BytesIO(photo(60, 40, orientation=orientation, format=format)))
        assert (facts.width, facts.height) == (60, 40)

    @pytest.mark.parametrize("format", FORMATS)
    def test_does_not_decode(self, format, monkeypatch):
        """A small file can hold a huge picture: the web process must never unpack what somebody sends."""
        from PIL import ImageFile

        data = photo(60, 40, format=format)
        monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
        inspect(BytesIO(data))

    def test_leaves_the_file_at_its_start(self):
        file = BytesIO(photo(60, 40))
        inspect(file)
        assert file.tell() == 0

    def test_jpeg_with_further_pictures_in_it_is_a_jpeg(self):
        """Many phones write these; Pillow calls them by another name."""
        data = encoded(scene(60, 40), "MPO", save_all=True, append_images=[scene(30, 20)])
        assert inspect(BytesIO(data)).format == "JPEG"
        assert made(data)["width-60"].height == 40

    def test_png_with_something_behind_its_end_is_accepted(self):
        assert inspect(BytesIO(photo(60, 40, format="PNG") + b"x" * 3_000_000)).format == "PNG"


class TestRefusals:
    def test_empty_file(self):
        assert refusal(inspect, b"").code == "empty"

    @pytest.mark.parametrize(
        "data",
        [b"hello", b"<!doctype html><script>alert(1)</script>", b"\0" * 100, b"\xff" * 100, b"MZ" + b"\x90" * 200],
        ids=["text", "html", "zeros", "ones", "program"],
    )
    @pytest.mark.parametrize("act", [inspect, render])
    def test_what_is_no_picture(self, act, data):
        caught = refusal(act, data)
        assert caught.code == "not_a_picture"
        assert "JPEG, PNG, WebP, GIF, HEIC and AVIF" in caught.message

    @pytest.mark.parametrize("format", ["BMP", "TIFF", "PDF"])
    @pytest.mark.parametrize("act", [inspect, render])
    def test_kinds_that_are_not_accepted_are_named_with_those_that_are(self, act, format):
        caught = refusal(act, encoded(scene(60, 40), format))
        assert caught.code == "unsupported"
        assert format in caught.message
        assert "JPEG, PNG, WebP, GIF, HEIC or AVIF" in caught.message

    def test_svg_is_refused_by_name(self):
        caught = refusal(inspect, b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
        assert "SVG" in caught.message

    def test_file_larger_than_the_limit(self, settings):
        settings.UPLOAD_MAX_BYTES = 1000
        caught = refusal(inspect, photo(60, 40) + b"\0" * 1000)
        assert caught.code == "too_large"
        assert "1000" in caught.message

    @pytest.mark.parametrize("act", [inspect, render])
    def test_more_pixels_than_the_limit(self, act, settings):
        settings.UPLOAD_MAX_PIXELS = 2_000_000
        caught = refusal(act, png_claiming(2000, 1500))
        assert caught.code == "too_many_pixels"
        assert "3 megapixels" in caught.message

    @pytest.mark.parametrize("act", [inspect, render])
    def test_small_file_that_claims_a_huge_picture(self, act):
        caught = refusal(act, png_claiming(60_000, 60_000))
        assert caught.code == "too_many_pixels"
        assert "3600 megapixels" in caught.message

    @pytest.mark.parametrize("tenths", range(1, 10))
    @pytest.mark.parametrize("format", FORMATS)
    def test_picture_that_breaks_off_anywhere(self, format, tenths):
        data = photo(300, 200, format=format)
        caught = refusal(render, data[: len(data) * tenths // 10])
        assert caught.code == "broken"
        assert "damaged or incomplete" in caught.message

    @pytest.mark.parametrize("tenths", range(1, 10))
    @pytest.mark.parametrize("format", ["PNG", "WEBP"])
    def test_broken_off_png_and_webp_are_seen_without_decoding(self, format, tenths):
        data = photo(300, 200, format=format)
        assert refusal(inspect, data[: len(data) * tenths // 10]).code == "broken"

    def test_picture_with_a_piece_missing_from_its_middle(self):
        data = photo(300, 200, format="PNG")
        middle = len(data) // 2
        assert refusal(render, data[:middle] + data[middle + 300 :]).code == "broken"

    def test_damaged_exif_does_not_lose_the_photograph(self):
        data = encoded(scene(60, 40), exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken")
        assert made(data)["width-60"].height == 40

    def test_storage_that_fails_is_not_the_pictures_fault(self):
        """Otherwise a store that is down for a minute would mark good photographs as damaged, for ever."""

        class Failing(BytesIO):
            def read(self, size=-1):
                if self.tell() > 20_000:
                    raise StorageUnavailable("down")
                return super().read(size)

        with pytest.raises(StorageUnavailable):
            render(Failing(photo(1200, 800)))


class TestSizes:
    @pytest.mark.parametrize(
        ("own", "expected"),
        [
            (1, [1]),
            (319, [319]),
            (320, [320]),
            (321, [321, 320]),
            (640, [640, 320]),
            (1500, [1500, 1280, 640, 320]),
            (2047, [2047, 1280, 640, 320]),
            (2048, [2048, 1280, 640, 320]),
            (2300, [2048, 1280, 640, 320]),
        ],
    )
    def test_widths_below_its_own_and_its_own_up_to_the_widest(self, own, expected):
        files = render(BytesIO(encoded(Image.new("RGB", (own, max(1, own // 10)), "teal")))).files
        assert [file.spec for file in files] == [f"width-{width}" for width in expected] + JPEGS
        assert [file.width for file in files[:-2]] == expected

    def test_files_are_what_their_rows_will_say(self):
        for file in made(photo(900, 600)).values():
            with Image.open(BytesIO(file.data)) as image:
                assert image.size == (file.width, file.height)
                assert Image.MIME[image.format] == file.mime
            assert file.extension == {"image/webp": "webp", "image/jpeg": "jpg"}[file.mime]

    @pytest.mark.parametrize("size", [(900, 600), (600, 900)])
    def test_own_size_is_upright_and_proportions_stay(self, size):
        rendered = render(BytesIO(photo(*size, orientation=6)))
        assert (rendered.width, rendered.height) == size
        for file in rendered.files:
            assert abs(file.height - file.width * size[1] / size[0]) <= 0.5

    @pytest.mark.parametrize(
        ("size", "preview"), [((2300, 1000), (1200, 522)), ((500, 1800), (333, 1200)), ((90, 60), (90, 60))]
    )
    def test_one_jpeg_for_link_previews_with_its_longest_side_at_most_1200(self, size, preview):
        file = made(photo(*size))["preview-jpeg"]
        assert (file.width, file.height) == preview
        assert file.mime == "image/jpeg"

    @pytest.mark.parametrize("size", [(1, 20_000), (20_000, 1), (700, 30_000)])
    def test_very_long_pictures_fit_into_what_webp_can_hold(self, size):
        files = render(BytesIO(encoded(Image.new("RGB", size, "teal"), "PNG"))).files
        assert all(1 <= side <= 16_383 for file in files for side in (file.width, file.height))

    def test_other_widths_can_be_asked_for(self):
        assert list(made(photo(300, 200), widths=(100, 200))) == ["width-200", "width-100", *JPEGS]

    @pytest.mark.parametrize(("width", "decoded"), [(1500, 1500), (5400, 2700)])
    def test_picture_is_decoded_once_and_a_large_jpeg_at_a_reduced_scale(self, width, decoded, monkeypatch):
        """Seen from inside, where the child works: the decoder is asked for its pixels once, in the size that it gives."""
        decodes = []
        load = JpegImagePlugin.JpegImageFile.load_prepare
        monkeypatch.setattr(
            JpegImagePlugin.JpegImageFile, "load_prepare", lambda self: (decodes.append(self.width), load(self))[1]
        )
        data = encoded(Image.new("RGB", (width, 300), "teal"))
        job = {"widths": [320, 640, 1280, 2048], "most_animated_pixels": 1}
        with opened(BytesIO(data), "JPEG", 60_000_000) as image:
            renditions(image, job)
        assert decodes == [decoded]


class TestUpright:
    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("size", [(1200, 800), (800, 1200), (2800, 700)], ids=["wide", "tall", "reduced"])
    def test_eight_orientations_of_a_scene_look_alike(self, size, orientation):
        wanted = scene(*size).resize((640, round(640 * size[1] / size[0])), Image.Resampling.LANCZOS)
        rendition = made(photo(*size, orientation=orientation))["width-640"]
        assert likeness(pixels(rendition), numpy.asarray(wanted)) >= 0.97

    @pytest.mark.parametrize("format", ["PNG", "WEBP", "HEIC", "AVIF"])
    @pytest.mark.parametrize("orientation", [2, 3, 6, 7, 8])
    def test_other_formats_are_turned_as_well(self, format, orientation):
        wanted = scene(480, 320).resize((320, 213), Image.Resampling.LANCZOS)
        rendition = made(photo(480, 320, orientation=orientation, format=format))["width-320"]
        assert likeness(pixels(rendition), numpy.asarray(wanted)) >= 0.97

    def test_the_scene_tells_orientations_apart(self):
        """What the tests above rest on: each wrong turn makes another picture."""
        square = scene(200, 200)
        turned = [numpy.asarray(stored_as(square, orientation)) for orientation in range(1, 9)]
        for other in turned[1:]:
            assert likeness(turned[0], other) < 0.9

    def test_orientation_that_makes_no_sense_is_ignored(self):
        assert render(BytesIO(photo(60, 40, orientation=1).replace(b"SecretMaker", b"OtherMakers"))).width == 60
        data = Image.Exif()
        data[0x0112] = 77
        assert render(BytesIO(encoded(scene(60, 40), exif=data.tobytes()))).width == 60


class TestNoMetadata:
    XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><photographer>SecretPerson</photographer></x:xmpmeta>'

    @pytest.mark.parametrize("format", FORMATS)
    def test_renditions_carry_no_exif_place_xmp_comment_or_profile(self, format):
        options = {"icc_profile": srgb_profile(), "xmp": self.XMP}
        if format in ("JPEG", "GIF"):
            options["comment"] = b"SecretComment"
        if format == "PNG":
            from PIL.PngImagePlugin import PngInfo

            options = {"icc_profile": srgb_profile(), "pnginfo": PngInfo()}
            options["pnginfo"].add_text("Author", "SecretPerson")
            options["pnginfo"].add_itxt("XML:com.adobe.xmp", self.XMP.decode())
        data = photo(350, 200, format=format, **options)
        assert b"Secret" in data
        for rendition in made(data).values():
            assert b"Secret" not in rendition.data
            for mark in (b"Exif", b"EXIF", b"XMP ", b"xmpmeta", b"ICC", b"acsp", b"GPS"):
                assert mark not in rendition.data
            with Image.open(BytesIO(rendition.data)) as image:
                assert dict(image.getexif()) == {}
                assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)


class TestColours:
    def middle(self, rendition, mode="RGB"):
        image = pixels(rendition, mode)
        return tuple(int(value) for value in image[image.shape[0] // 2, image.shape[1] // 2])

    def alike(self, colour, wanted, by=4):
        assert all(abs(one - other) <= by for one, other in zip(colour, wanted, strict=True)), colour

    def test_alpha_stays_in_webp_and_is_white_in_the_preview(self):
        picture = Image.new("RGBA", (400, 400), (200, 30, 30, 0))
        files = made(encoded(picture, "PNG"))
        assert self.middle(files["width-400"], "RGBA")[3] == 0
        self.alike(self.middle(files["preview-jpeg"]), (255, 255, 255))

    def test_colours_hidden_by_alpha_do_not_bleed_at_edges(self):
        picture = Image.new("RGBA", (700, 700), (0, 255, 0, 0))
        picture.paste((255, 0, 0, 255), (0, 0, 350, 700))
        reduced = pixels(made(encoded(picture, "PNG"))["width-320"], "RGBA").astype(int)
        seen = reduced[reduced[..., 3] > 128]
        assert seen[:, 1].max() < 60

    def test_opaque_alpha_is_left_out(self):
        files = made(encoded(Image.new("RGBA", (50, 50), (10, 20, 30, 255)), "PNG"))
        with Image.open(BytesIO(files["width-50"].data)) as image:
            assert image.mode == "RGB"

    def test_palette_with_a_transparent_colour(self):
        picture = Image.new("P", (50, 50), 0)
        picture.putpalette([255, 0, 0, 0, 0, 255] + [0] * 762)
        picture.paste(1, (0, 0, 25, 50))
        files = made(encoded(picture, "PNG", transparency=0))
        assert self.middle(files["width-50"], "RGBA")[3] == 0
        assert tuple(pixels(files["width-50"], "RGBA")[25, 5])[3] == 255

    def test_palette_without_transparency(self):
        picture = Image.new("RGB", (50, 50), (30, 120, 200)).quantize(4)
        self.alike(self.middle(made(encoded(picture, "PNG"))["width-50"]), (30, 120, 200))

    def test_cmyk(self):
        picture = Image.new("CMYK", (700, 50), (0, 255, 255, 0))
        red, green, blue = self.middle(made(encoded(picture))["width-320"])
        assert red > 200
        assert green < 60
        assert blue < 60

    @pytest.mark.parametrize(("value", "wanted"), [(0, 0), (32768, 128), (65535, 255)])
    def test_16_bit_grey_is_scaled_and_not_clipped(self, value, wanted):
        picture = Image.fromarray(numpy.full((40, 700), value, dtype=numpy.uint16))
        self.alike(self.middle(made(encoded(picture, "PNG"))["width-320"]), (wanted,) * 3)

    @pytest.mark.parametrize("mode", ["1", "L", "LA"])
    def test_grey_kinds(self, mode):
        picture = Image.new("L", (700, 40), 255).convert(mode)
        self.alike(self.middle(made(encoded(picture, "PNG"))["width-320"]), (255, 255, 255))

    def test_colours_are_converted_by_the_embedded_profile(self):
        """A profile whose red and green are swapped shows whether it was used at all."""
        picture = Image.new("RGB", (700, 40), (200, 30, 30))
        data = encoded(picture, icc_profile=swapped_profile())
        red, green, _blue = self.middle(made(data)["width-320"])
        assert green > 150
        assert red < 100

    def test_display_p3_looks_the_same_in_srgb(self):
        """Expected numbers come from the definitions of both colour spaces: the same curve, other primaries."""
        picture = Image.new("RGB", (700, 40), (180, 120, 80))
        data = encoded(picture, "PNG", icc_profile=display_p3_profile())
        self.alike(self.middle(made(data)["width-320"]), p3_to_srgb(180, 120, 80), by=5)

    def test_adobe_rgb_looks_the_same_in_srgb(self):
        picture = Image.new("RGB", (700, 40), (120, 140, 90))
        data = encoded(picture, "PNG", icc_profile=profile_with(ADOBE_TO_XYZ, ADOBE_GAMMA))
        self.alike(self.middle(made(data)["width-320"]), adobe_to_srgb(120, 140, 90), by=3)

    def test_inks_are_converted_by_their_embedded_profile(self):
        """A press whose first ink is red, and not cyan, shows whether its profile was used at all."""
        data = encoded(Image.new("CMYK", (700, 40), (255, 0, 0, 0)), icc_profile=profile_of_a_press_with_red_ink())
        red, green, blue = self.middle(made(data)["width-320"])
        assert red > 150 and green < 90 and blue < 90

    @pytest.mark.parametrize("profile", [b"not a profile at all", b"\0" * 200])
    def test_damaged_profile_is_ignored(self, profile):
        data = encoded(Image.new("RGB", (50, 50), (200, 30, 30)), icc_profile=profile)
        self.alike(self.middle(made(data)["width-50"]), (200, 30, 30), by=6)

    def test_profile_of_another_kind_of_picture_is_ignored(self):
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        data = encoded(Image.new("RGB", (50, 50), (200, 30, 30)), icc_profile=lab)
        self.alike(self.middle(made(data)["width-50"]), (200, 30, 30), by=6)


# --- Profiles, made by writing other primaries into the sRGB one ----------------------------------------------------

# Primaries adapted to D50, as columns of XYZ: sRGB's, from its profile, and Display P3's (SMPTE EG 432-1, ICC.1:2022).
P3_TO_XYZ = numpy.array([[0.5151, 0.2920, 0.1571], [0.2412, 0.6922, 0.0666], [-0.0011, 0.0419, 0.7841]])
# Adobe RGB (1998), sections 4.3.1 and 4.3.4, adapted to D50.
ADOBE_TO_XYZ = numpy.array([[0.6097, 0.2053, 0.1492], [0.3111, 0.6257, 0.0632], [0.0195, 0.0609, 0.7446]])
ADOBE_GAMMA = 563 / 256
SRGB_TO_XYZ = numpy.array([[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]])


def profile_with(columns, gamma=None):
    """The sRGB profile with its red, green and blue primaries replaced by these XYZ values, and its curve by a `gamma`."""
    profile = bytearray(srgb_profile())
    count = struct.unpack_from(">I", profile, 128)[0]
    for index in range(count):
        name, offset, _size = struct.unpack_from(">4sII", profile, 132 + 12 * index)
        if name in (b"rXYZ", b"gXYZ", b"bXYZ"):
            xyz = columns[:, b"rgb".index(name[:1])]
            struct.pack_into(">iii", profile, offset + 8, *(round(value * 65536) for value in xyz))
        if gamma and name in (b"rTRC", b"gTRC", b"bTRC"):
            assert profile[offset : offset + 4] == b"para"
            # Kind 3: (a x + b) ** gamma from d on, c x below it.
            struct.pack_into(">HHiiiii", profile, offset + 8, 3, 0, round(gamma * 65536), 65536, 0, 65536, 0)
    return bytes(profile)


def profile_of_a_press_with_red_ink():
    """A CMYK profile (ICC.1:2022, a lut8Type of two steps an ink): white paper, one red ink, three black ones."""
    white, red, black = (255, 128, 128), (128, 198, 178), (0, 128, 128)  # Lab, as bytes
    table = [
        black if magenta or yellow or key else red if cyan else white
        for cyan in (0, 1)
        for magenta in (0, 1)
        for yellow in (0, 1)
        for key in (0, 1)
    ]
    straight, unit = bytes(range(256)), struct.pack(">9i", *(65536 * (at % 4 == 0) for at in range(9)))
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + unit + straight * 4 + bytes(sum(table, ())) + straight * 3
    tags = struct.pack(">I4sII", 1, b"A2B0", 144, len(lut))
    head = bytearray(128)
    struct.pack_into(">I4sI4s4s4s", head, 0, 144 + len(lut), bytes(4), 0x02400000, b"prtr", b"CMYK", b"Lab ")
    head[36:40] = b"acsp"
    struct.pack_into(">iii", head, 68, 63190, 65536, 54061)  # D50
    return bytes(head) + tags + lut


def swapped_profile():
    return profile_with(SRGB_TO_XYZ[:, [1, 0, 2]])


def display_p3_profile():
    return profile_with(P3_TO_XYZ)


def p3_to_srgb(*colour):
    """A colour's sRGB numbers (0 to 255) from its Display P3 ones."""
    encoded_values = numpy.array(colour) / 255
    linear = numpy.where(encoded_values <= 0.04045, encoded_values / 12.92, ((encoded_values + 0.055) / 1.055) ** 2.4)
    return to_srgb(P3_TO_XYZ @ linear)


def adobe_to_srgb(*colour):
    """A colour's sRGB numbers (0 to 255) from its Adobe RGB ones."""
    return to_srgb(ADOBE_TO_XYZ @ (numpy.array(colour) / 255) ** ADOBE_GAMMA)


def to_srgb(xyz):
    linear = numpy.linalg.inv(SRGB_TO_XYZ) @ xyz
    back = numpy.where(linear <= 0.0031308, linear * 12.92, 1.055 * numpy.clip(linear, 0, 1) ** (1 / 2.4) - 0.055)
    return tuple(round(float(value) * 255) for value in back)


def test_upright_scene_is_drawn_as_asked():
    """The tests' own tool: what `photo` stores sideways, an independent reader turns back to the scene."""
    for orientation in range(1, 9):
        image = ImageOps.exif_transpose(Image.open(BytesIO(photo(60, 40, orientation=orientation))))
        assert image.size == (60, 40)
