"""The shape of a picture and its focal point as classes, since styles in the page are refused."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from gallery.ratios import focus_class, ratio_hundredths, ratios_sheet
from gallery.templatetags.pictures import ratio_class

pytestmark = pytest.mark.once

SHEET = Path(settings.BASE_DIR) / "static" / "css" / "ratios.css"


@pytest.mark.parametrize(
    ("width", "height", "name"),
    [(3000, 2000, "r-150"), (2000, 3000, "r-65"), (1000, 1000, "r-100"), (1010, 1000, "r-100"), (4032, 3024, "r-135")],
)
def test_picture_gets_the_class_of_the_nearest_shape(width, height, name):
    assert ratio_class(width, height) == name


@pytest.mark.parametrize(("width", "height", "name"), [(9000, 1000, "r-300"), (100, 5000, "r-40")])
def test_very_long_picture_gets_the_last_known_shape(width, height, name):
    assert ratio_class(width, height) == name


@pytest.mark.parametrize("size", [(None, None), (0, 0), (100, 0), (-3, 5), ("", "x"), (float("nan"), 1)])
def test_picture_of_unknown_size_gets_the_usual_shape(size):
    assert ratio_class(*size) == "r-150"


def test_crop_is_at_most_half_a_step():
    for width in range(400, 3000, 7):
        assert abs(ratio_hundredths(width, 1000) - width / 10) <= 2.5


def test_sheet_in_the_repository_is_the_one_that_the_command_writes():
    assert SHEET.read_text(encoding="utf-8") == ratios_sheet()


def test_sheet_has_every_class_that_a_picture_can_get():
    sheet = ratios_sheet()
    for width in range(1, 4000, 13):
        assert f".{ratio_class(width, 1000)} {{" in sheet


@pytest.mark.parametrize(
    ("point", "classes"),
    [
        ((300, 140), "fx-30 fy-70"),
        ((0, 200), "fx-0 fy-100"),
        ((520, 96), ""),
        ((540, 100), ""),
        ((560, 100), "fx-60 fy-50"),
    ],
)
def test_focal_point_gets_the_classes_of_the_nearest_tenth_and_none_in_the_middle(point, classes):
    assert focus_class(*point, 1000, 200) == classes


@pytest.mark.parametrize(
    ("point", "size"), [((None, None), (9, 9)), ((5, None), (9, 9)), ((5, 5), (None, None)), ((5, 5), (0, 0))]
)
def test_picture_without_a_focal_point_or_a_size_gets_none(point, size):
    assert focus_class(*point, *size) == ""


def test_focal_point_outside_of_its_picture_is_at_its_edge():
    assert focus_class(5000, -3, 1000, 1000) == "fx-100 fy-0"


def test_sheet_has_every_class_that_a_focal_point_can_get():
    sheet = ratios_sheet()
    for at in range(101):
        for name in (focus_class(at, 0, 100, 100) + " " + focus_class(0, at, 100, 100)).split():
            assert f".{name} {{" in sheet


def test_command_writes_the_sheet(monkeypatch, tmp_path):
    sheet = tmp_path / "ratios.css"
    monkeypatch.setattr("gallery.management.commands.write_ratios.SHEET", sheet)
    call_command("write_ratios")
    assert sheet.read_text(encoding="utf-8") == ratios_sheet()
