"""What one decode gives beside the sizes: placeholder, colours, camera, blur, animation; and squares and crops."""

from io import BytesIO

import numpy
import pytest
from PIL import Image, TiffImagePlugin
from skimage.metrics import structural_similarity

from gallery.imaging import Crop, placeholder_url, render, render_crops, render_square
from gallery.imaging.decoder import exif as reader
from gallery.imaging.decoder import summary
from tests import odd_pictures as odd
from tests.pictures import encoded, photo, scene

pytestmark = pytest.mark.once


def made(data, **options):
    rendered = render(BytesIO(data), **options)
    return rendered, {file.spec: file for file in rendered.files}


def opened(file):
    return Image.open(BytesIO(file.data))


def likeness(one, other):
    one, other = (numpy.asarray(picture.convert("RGB")) for picture in (one, other))
    return structural_similarity(one, other, channel_axis=2)


def drawn(url):
    """The picture of a `data:` address."""
    import base64

    kind, _comma, data = url.partition(",")
    assert kind == "data:image/png;base64"
    return Image.open(BytesIO(base64.b64decode(data)))


class TestPlaceholder:
    @pytest.mark.parametrize("format", odd.SIX)
    def test_every_picture_has_one_of_at_most_64_bytes(self, format):
        rendered, _files = made(odd.small(format), widths=[64])
        assert 5 < len(rendered.placeholder) <= 64

    @pytest.mark.parametrize("size", [(90, 60), (60, 90), (60, 60), (400, 20), (3, 700), (1, 1)])
    def test_draws_a_small_picture_of_about_the_same_shape(self, size):
        picture = drawn(placeholder_url(made(encoded(scene(*size), "PNG"))[0].placeholder))
        assert max(picture.size) <= 16
        assert (picture.width > picture.height) == (size[0] > size[1])

    @pytest.mark.parametrize("colour", ["#c03020", "#204080", "#f0e0d0", "#101010", "#ffffff"])
    def test_has_the_colour_of_the_picture(self, colour):
        picture = Image.new("RGB", (40, 30), colour)
        seen = drawn(placeholder_url(summary.placeholder(picture))).convert("RGB").getpixel((5, 5))
        assert all(abs(one - other) <= 12 for one, other in zip(seen, picture.getpixel((0, 0)), strict=True))

    def test_looks_like_the_picture_from_afar(self):
        small = scene(320, 240)
        picture = drawn(placeholder_url(summary.placeholder(small)))
        wanted = small.resize(picture.size, Image.Resampling.BOX)
        difference = numpy.abs(numpy.asarray(picture.convert("RGB"), int) - numpy.asarray(wanted, int)).mean()
        assert difference < 16

    def test_keeps_what_is_transparent(self):
        picture = Image.new("RGBA", (40, 40), (200, 30, 30, 0))
        picture.paste((200, 30, 30, 255), (0, 0, 20, 40))
        seen = drawn(placeholder_url(summary.placeholder(picture)))
        assert seen.getpixel((1, 8))[3] > 180
        assert seen.getpixel((14, 8))[3] < 70

    @pytest.mark.parametrize("nonsense", [b"", b"\0", b"abcd", b"\xff" * 64, bytes(64), b"\0" * 5, b"x" * 500])
    def test_nonsense_draws_nothing_and_never_fails(self, nonsense):
        assert placeholder_url(nonsense) == "" or drawn(placeholder_url(nonsense)).size

    def test_database_may_give_its_bytes_in_a_wrapping_of_its_own(self):
        data = summary.placeholder(scene(32, 24))
        assert placeholder_url(memoryview(data)) == placeholder_url(data) != ""


class TestColours:
    def test_most_frequent_first_as_hexadecimal(self):
        picture = Image.new("RGB", (90, 60), "#204080")
        picture.paste("#e0b040", (0, 0, 30, 60))
        colours = made(encoded(picture, "PNG"))[0].colours
        assert len(colours) == 2
        for colour, wanted in zip(colours, [(0x20, 0x40, 0x80), (0xE0, 0xB0, 0x40)], strict=True):
            values = bytes.fromhex(colour.removeprefix("#"))
            assert all(abs(one - other) <= 10 for one, other in zip(values, wanted, strict=True))

    def test_at_most_five_and_none_of_what_is_transparent(self):
        assert 1 <= len(summary.colours(scene(120, 80))) <= 5
        assert summary.colours(Image.new("RGBA", (30, 30), (255, 0, 0, 0))) == []


def exif_of(orientation=None, **values):
    """EXIF bytes with these values; what is below the camera's directory by its name."""
    head = {"make": 0x010F, "model": 0x0110, "owner": 0x013B, "date": 0x0132}
    below = {
        "exposure": 0x829A,
        "aperture": 0x829D,
        "iso": 0x8827,
        "focal_length": 0x920A,
        "lens": 0xA434,
        "serial": 0xA431,
        "camera_owner": 0xA430,
    }
    data = Image.Exif()
    for name, value in values.items():
        if name in head:
            data[head[name]] = value
        else:
            data.get_ifd(0x8769)[below[name]] = value
    data.get_ifd(0x8825).update({1: "N", 2: (64.0, 8.0, 43.0), 3: "W", 4: (21.0, 56.0, 3.0)})
    return data.tobytes()


class TestCamera:
    FULL = {
        "make": "FUJIFILM",
        "model": "X-T5",
        "lens": "XF 35mm F1.4 R",
        "exposure": TiffImagePlugin.IFDRational(1, 250),
        "aperture": TiffImagePlugin.IFDRational(28, 10),
        "iso": 400,
        "focal_length": TiffImagePlugin.IFDRational(35, 1),
    }
    SEEN = {
        "make": "FUJIFILM",
        "model": "X-T5",
        "lens": "XF 35mm F1.4 R",
        "exposure": "1/250",
        "aperture": 2.8,
        "iso": 400,
        "focal_length": 35.0,
    }

    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIC", "AVIF"])
    def test_camera_and_exposure_are_kept_as_data(self, format):
        assert made(encoded(scene(72, 48), format, exif=exif_of(**self.FULL)))[0].camera == self.SEEN

    def test_place_owner_serial_number_and_date_are_not(self):
        data = exif_of(**self.FULL, owner="Ana", camera_owner="Ana", serial="123456", date="2026:01:02 03:04:05")
        assert reader.camera(data) == self.SEEN

    @pytest.mark.parametrize(
        ("fraction", "wanted"),
        [((1, 8000), "1/8000"), ((10, 2500), "1/250"), ((1, 2), "0.5"), ((30, 1), "30"), ((25, 10), "2.5")],
    )
    def test_exposure_as_photographers_write_it(self, fraction, wanted):
        assert reader.camera(exif_of(exposure=TiffImagePlugin.IFDRational(*fraction)))["exposure"] == wanted

    def test_hostile_values_become_short_plain_text_or_nothing(self):
        hostile = reader.camera(
            exif_of(
                make="<script>" + "x" * 5000,
                model="line\r\none\x1b[31m\u202e",
                exposure=TiffImagePlugin.IFDRational(0, 0),
                aperture=TiffImagePlugin.IFDRational(4_000_000_000, 1),
                iso=0,
                focal_length=TiffImagePlugin.IFDRational(1, 4_000_000_000),
            )
        )
        assert len(hostile["make"]) == 64
        assert hostile.get("model", "").isprintable()
        assert not {"exposure", "aperture", "iso", "focal_length"} & set(hostile)

    @pytest.mark.parametrize(
        "data",
        [
            None,
            b"",
            b"Exif\0\0",
            b"II*\0\xff\xff\xff\xff",
            b"MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40,
            b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0",
        ],
        ids=["none", "empty", "mark alone", "far away", "many entries", "its own directory"],
    )
    def test_damaged_exif_says_nothing(self, data):
        assert reader.camera(data) == {}
        assert reader.orientation(data) == 1

    def test_picture_without_exif_has_no_camera(self):
        assert made(encoded(scene(72, 48), "PNG"))[0].camera == {}


class TestBlurred:
    def test_is_a_small_jpeg_in_which_nothing_can_be_made_out(self):
        """Black and white squares of an eighth of its width are grey, and one colour is still that colour."""
        board = Image.fromarray(
            numpy.kron(numpy.indices((32, 48)).sum(0) % 2, numpy.ones((20, 20))).astype("uint8") * 255
        )
        _rendered, files = made(encoded(board, "PNG"))
        blurred = opened(files["blurred-jpeg"])
        assert max(blurred.size) <= 1200
        assert len(files["blurred-jpeg"].data) < 8_000
        assert numpy.asarray(blurred.convert("L")).std() < 12

    def test_keeps_the_shape_and_the_colours(self):
        _rendered, files = made(encoded(Image.new("RGB", (900, 600), "#205080")))
        blurred = opened(files["blurred-jpeg"])
        assert blurred.size == (600, 400)
        assert all(
            abs(one - other) < 6 for one, other in zip(blurred.getpixel((300, 200)), (0x20, 0x50, 0x80), strict=True)
        )


def animation(format, frames=3, durations=(40, 120, 200), size=(96, 64), **options):
    colours = ("red", "teal", "gold", "navy", "white")
    pictures = [Image.new("RGB", size, colours[number % 5]) for number in range(frames)]
    return encoded(
        pictures[0], format, save_all=True, append_images=pictures[1:], duration=list(durations[:frames]), **options
    )


class TestAnimated:
    @pytest.mark.parametrize("format", ["GIF", "WEBP"])
    def test_all_frames_with_their_durations(self, format):
        rendered, files = made(animation(format, loop=0))
        assert rendered.animated
        moving = opened(files["animated-webp"])
        assert moving.n_frames == 3
        assert moving.info["loop"] == 0
        seen = []
        for frame, colour in enumerate([(255, 0, 0), (0, 128, 128), (255, 215, 0)]):
            moving.seek(frame)
            pixel = moving.convert("RGB").getpixel((40, 30))
            assert all(abs(one - other) < 20 for one, other in zip(pixel, colour, strict=True))
            seen.append(moving.info["duration"])
        assert seen == [40, 120, 200]

    @pytest.mark.parametrize(("options", "loops"), [({"loop": 0}, 0), ({"loop": 3}, 4), ({}, 1)])
    def test_a_gif_counts_repeats_and_webp_counts_times(self, options, loops):
        _rendered, files = made(animation("GIF", **options))
        assert opened(files["animated-webp"]).info["loop"] == loops

    def test_stills_show_its_first_frame(self):
        _rendered, files = made(animation("GIF"))
        for spec in ("width-96", "preview-jpeg"):
            red, green, blue = opened(files[spec]).convert("RGB").getpixel((40, 30))
            assert red > 230 and green < 30 and blue < 30

    def test_is_at_most_640_wide(self):
        _rendered, files = made(animation("GIF", size=(800, 400)))
        assert opened(files["animated-webp"]).size == (640, 320)
        assert files["width-800"].width == 800

    def test_long_one_is_written_smaller(self, monkeypatch):
        from gallery.imaging.decoder import animation as inside

        monkeypatch.setattr(inside, "MOST_DRAWN", 3 * 48 * 32)
        with Image.open(BytesIO(animation("GIF"))) as image:
            assert inside.animated(image, 3, None, 10**6)[0] == (48, 32)

    def test_turned_webp_moves_upright(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        _rendered, files = made(animation("WEBP", exif=exif.tobytes()))
        assert opened(files["animated-webp"]).size == (64, 96)

    def test_avif_that_moves(self):
        rendered, files = made(animation("AVIF"))
        assert rendered.animated
        assert opened(files["animated-webp"]).n_frames == 3

    @pytest.mark.parametrize("format", odd.SIX)
    def test_still_pictures_are_none(self, format):
        rendered, files = made(odd.small(format), widths=[64])
        assert not rendered.animated
        assert "animated-webp" not in files


class TestSquares:
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_box_is_of_the_upright_picture(self, orientation):
        data = photo(480, 320, orientation=orientation)
        square = render_square(BytesIO(data), (300, 40, 160), sizes=(96,))
        wanted = scene(480, 320).crop((300, 40, 460, 200)).resize((96, 96), Image.Resampling.LANCZOS)
        assert likeness(opened(square.files[0]), wanted) > 0.95

    def test_sizes_from_the_largest_down_and_what_else_was_found(self):
        square = render_square(BytesIO(photo(480, 320)))
        assert [(file.spec, file.width, file.height) for file in square.files] == [
            ("width-320", 320, 320),
            ("width-96", 96, 96),
        ]
        assert (square.width, square.height, square.animated) == (480, 320, False)
        assert square.placeholder and square.colours

    def test_never_enlarged(self):
        square = render_square(BytesIO(photo(480, 320)), (10, 10, 60))
        assert [file.width for file in square.files] == [60]

    @pytest.mark.parametrize("box", [(0, 0, 0), (-50, -50, 10**6), (10**6, 10**6, 320), (80, 0, 320)])
    def test_largest_in_the_middle_and_boxes_that_stand_out(self, box):
        square = render_square(BytesIO(photo(480, 320)), box)
        assert [file.width for file in square.files] == [320, 96]

    def test_large_jpeg_is_cut_from_a_reduced_scale(self):
        picture = Image.new("RGB", (4000, 3000), "white")
        picture.paste("red", (1000, 1000, 1800, 1800))
        square = render_square(BytesIO(encoded(picture)), (1000, 1000, 800))
        seen = numpy.asarray(opened(square.files[0]).convert("RGB"))[4:-4, 4:-4]
        assert seen[..., 0].min() > 235 and seen[..., 1].max() < 40

    def test_carries_no_metadata(self):
        for file in render_square(BytesIO(photo(480, 320, icc_profile=b"x" * 200))).files:
            assert not any(mark in file.data for mark in (b"Secret", b"EXIF", b"ICCP"))


class TestCrops:
    def test_parts_sizes_and_formats_from_one_decode(self):
        data = photo(480, 320, orientation=8)
        files = render_crops(
            BytesIO(data),
            [
                Crop("fill-100x100", (100, 20, 300, 220), (100, 100), "webp", 90),
                Crop("width-240", None, (240, 160), "jpeg"),
                Crop("png", (0, 0, 480, 160), (240, 80), "png"),
            ],
        )
        assert [(file.spec, file.width, file.height, file.mime) for file in files] == [
            ("fill-100x100", 100, 100, "image/webp"),
            ("width-240", 240, 160, "image/jpeg"),
            ("png", 240, 80, "image/png"),
        ]
        upright = scene(480, 320)
        for file, box in zip(files, [(100, 20, 300, 220), (0, 0, 480, 320), (0, 0, 480, 160)], strict=True):
            wanted = upright.crop(box).resize((file.width, file.height), Image.Resampling.LANCZOS)
            assert likeness(opened(file), wanted) > 0.93

    @pytest.mark.parametrize("format", ["webp", "jpeg", "png"])
    def test_carry_no_metadata(self, format):
        data = photo(480, 320, comment=b"Secret words")
        (file,) = render_crops(BytesIO(data), [Crop("one", None, (96, 64), format)])
        assert not any(mark in file.data for mark in (b"Secret", b"Exif", b"EXIF", b"eXIf", b"ICC"))

    def test_never_enlarged_and_boxes_that_stand_out_or_are_empty(self):
        crops = [
            Crop("enlarged", None, (960, 640)),
            Crop("outside", (-100, -100, 900, 900), (240, 160)),
            Crop("empty", (50, 50, 50, 50), (240, 160)),
            Crop("small box", (0, 0, 30, 20), (240, 160)),
        ]
        files = render_crops(BytesIO(photo(480, 320)), crops)
        assert [(file.width, file.height) for file in files] == [(480, 320), (240, 160), (240, 160), (30, 20)]

    def test_transparent_picture_is_on_white_as_a_jpeg(self):
        data = encoded(Image.new("RGBA", (60, 60), (200, 0, 0, 0)), "PNG")
        (file,) = render_crops(BytesIO(data), [Crop("one", None, (30, 30), "jpeg")])
        assert opened(file).getpixel((10, 10)) == (255, 255, 255)
