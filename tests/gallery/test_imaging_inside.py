"""What the child does, called here as functions: a job in, facts and files out, and what is written down of a failure."""

import json
import os
from io import BytesIO

import pytest
from PIL import Image

from gallery.imaging.decoder import outputs, pixels, work
from gallery.imaging.decoder.animation import TooManyFrames, gif_frames
from tests import odd_pictures as odd
from tests.pictures import encoded, photo, scene, srgb_profile

pytestmark = pytest.mark.once

LIMITS = {"most_pixels": 1_000_000, "most_animated_pixels": 10_000_000}


def done(data, decoder, kind="render", **wanted):
    wanted = wanted or {"widths": [64, 32]}
    return work.result(BytesIO(data), {"kind": kind, "decoder": decoder, **LIMITS, **wanted})


class TestJobs:
    @pytest.mark.parametrize("format", odd.SIX)
    def test_renditions_of_every_format(self, format):
        facts, files = done(odd.small(format), "HEIF" if format == "HEIC" else format)
        assert [file[0] for file in files] == ["width-64", "width-32", "preview-jpeg", "blurred-jpeg"]
        assert (facts["width"], facts["height"], facts["animated"]) == (72, 48, False)

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
    def test_every_mode_of_pixels_becomes_colours(self, mode):
        picture = Image.new("L", (72, 48), 90).convert("RGB" if mode == "P" else "I" if mode == "I;16" else mode)
        picture = picture.quantize(4) if mode == "P" else picture.convert(mode)
        _facts, files = done(encoded(picture, "PNG"), "PNG")
        assert Image.open(BytesIO(files[0][-1])).mode in ("RGB", "RGBA")

    @pytest.mark.parametrize(
        "picture", [Image.new("CMYK", (72, 48), (0, 99, 99, 0)), scene(72, 48)], ids=["CMYK", "RGB"]
    )
    def test_profile_that_does_not_fit_is_left_aside(self, picture):
        _facts, files = done(encoded(picture, "JPEG", icc_profile=srgb_profile()), "JPEG")
        assert Image.open(BytesIO(files[0][-1])).mode == "RGB"

    def test_animation(self):
        frames = [Image.new("RGB", (48, 32), colour) for colour in ("red", "teal")]
        data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
        facts, files = done(data, "GIF")
        assert facts["animated"]
        assert files[-1][0] == "animated-webp"

    def test_square_and_crops(self):
        data = photo(96, 64, orientation=6)
        assert [file[0] for file in done(data, "JPEG", "square", box=[0, 0, 0], sizes=[32])[1]] == ["width-32"]
        crop = {"spec": "one", "box": None, "size": [48, 32], "format": "png", "quality": None}
        assert [file[1:4] for file in done(data, "JPEG", "crops", crops=[crop])[1]] == [(48, 32, "png")]

    def test_each_size_is_made_from_the_one_above(self, monkeypatch):
        steps, real = [], outputs.resized

        def resized(picture, size, **options):
            steps.append((picture.width, size[0]))
            return real(picture, size, **options)

        monkeypatch.setattr(outputs, "resized", resized)
        done(encoded(Image.new("RGB", (2300, 400), "teal")), "JPEG", widths=[320, 640, 1280, 2048])
        assert steps == [(2048, 2048), (2048, 1280), (1280, 640), (640, 320), (1280, 1200)]

    def test_still_webp_gives_its_decoder_up_before_it_is_resized(self):
        """The decoder holds two pictures of its own: at 60 megapixels, half of the limit."""
        with pixels.opened(BytesIO(odd.small("WEBP")), "WEBP", 10_000) as image:
            pixels.decoded(image)
            assert image._decoder is None


class TestFailures:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (OSError("image file is truncated"), "broken"),
            (SyntaxError("not a PNG"), "broken"),
            (RuntimeError("could not allocate a canvas"), "too_costly"),
            (ValueError("Memory allocation error: Security limit"), "too_costly"),
            (Image.DecompressionBombError("too large"), "too_many_pixels"),
            (pixels.TooManyPixels(9), "too_many_pixels"),
            (TooManyFrames(), "too_many_frames"),
        ],
    )
    def test_every_failure_has_a_code_and_words_for_the_log(self, error, code):
        written = work.refusal(error)
        assert written["refused"] == code
        assert type(error).__name__ in written["words"]

    def test_more_pixels_than_allowed(self):
        with pytest.raises((pixels.TooManyPixels, Image.DecompressionBombWarning, Image.DecompressionBombError)):
            done(encoded(Image.new("L", (1200, 1200)), "PNG"), "PNG")

    @pytest.mark.parametrize(("frames", "counted"), [(1, 1), (5, 5), (9, 6)])
    def test_frames_are_counted_no_further_than_needed(self, frames, counted):
        file = BytesIO(odd.gif_of_frames(frames))
        assert gif_frames(file, 5) == counted
        assert file.tell() == 0

    def test_frames_of_half_a_gif_are_those_up_to_there(self):
        assert gif_frames(BytesIO(odd.gif_of_frames(3)[:-12]), 5) == 3

    def test_all_frames_together_are_counted_once_more_as_they_pass(self):
        """Where a frame is larger than the canvas said."""
        from gallery.imaging.decoder.animation import animated

        frames = [Image.new("RGB", (48, 32), colour) for colour in ("red", "teal")]
        data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
        with Image.open(BytesIO(data)) as image, pytest.raises(TooManyFrames):
            animated(image, 2, None, 48 * 32 + 1)


def test_what_is_written_can_be_read_again(tmp_path):
    path = tmp_path / "output"
    output = os.open(path, os.O_WRONLY | os.O_CREAT)
    work.write(output, {"width": 3}, [outputs.file("one", scene(30, 20), "png")])
    data = path.read_bytes()
    length = int.from_bytes(data[:4], "big")
    head = json.loads(data[4 : 4 + length])
    assert head["width"] == 3
    assert head["files"] == [["one", 30, 20, "image/png", "png", len(data) - 4 - length]]
