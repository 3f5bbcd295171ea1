"""What a camera said of itself, as people write it."""

import pytest

from gallery.camera import camera_line


@pytest.mark.parametrize(
    ("camera", "line"),
    [
        (
            {
                "make": "FUJIFILM",
                "model": "X-T5",
                "lens": "XF35mmF1.4 R",
                "exposure": 0.004,
                "aperture": 8.0,
                "iso": 200,
            },
            "FUJIFILM X-T5, XF35mmF1.4 R, f/8, 1/250 s, ISO 200",
        ),
        ({"make": "Canon", "model": "Canon EOS R5", "focal_length": 85.0}, "Canon EOS R5, 85 mm"),
        ({"make": "NIKON CORPORATION", "model": "NIKON Z 6"}, "NIKON Z 6"),
        ({"model": "Pixel 9", "exposure": "1/60", "aperture": 1.68}, "Pixel 9, f/1.68, 1/60 s"),
        ({"exposure": 30}, "30 s"),
        ({"exposure": 0.5}, "0.5 s"),
        ({"make": "Holga"}, "Holga"),
        ({"iso": 0, "exposure": 0, "lens": None}, ""),
        ({}, ""),
    ],
)
def test_camera_lens_and_exposure_are_one_line(camera, line):
    # Numbers stay with their units by spaces that do not break.
    assert camera_line(camera).replace("\u00a0", " ") == line


def test_nothing_else_that_a_file_may_say_is_shown():
    assert camera_line({"model": "X", "place": "64.1, -21.9", "serial": "123"}) == "X"
