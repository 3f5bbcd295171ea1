"""The demo's pictures: every kind draws, at every shape, the same for the same seed, and is worth looking at."""

import numpy as np
import pytest

from pixlpix.demo.art import KINDS, draw

SMALL = (120, 80)
# Arithmetic that goes wrong (a root of a negative, a division by zero) warns, and leaves black or white pixels.
pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("error::RuntimeWarning")]


def pixels(*arguments):
    return np.asarray(draw(*arguments), np.int16)


def test_there_are_at_least_ten_kinds():
    assert len(KINDS) >= 10
    assert len(set(KINDS)) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    def test_same_seed_gives_the_same_pixels(self, kind):
        assert np.array_equal(pixels(kind, 7, *SMALL), pixels(kind, 7, *SMALL))

    def test_another_seed_gives_another_picture(self, kind):
        assert np.abs(pixels(kind, 7, *SMALL) - pixels(kind, 8, *SMALL)).mean() > 2

    def test_fills_its_frame_with_light_dark_and_colour(self, kind):
        picture = pixels(kind, 3, *SMALL)
        brightness = picture.mean(axis=2)
        assert brightness.max() - brightness.min() > 60
        assert (picture.max(axis=2) - picture.min(axis=2)).max() > 30

    @pytest.mark.parametrize("size", [(120, 80), (80, 120), (90, 90), (180, 60), (33, 17)])
    def test_has_the_size_asked_for(self, kind, size):
        picture = draw(kind, 1, *size)
        assert picture.size == size
        assert picture.mode == "RGB"


def test_same_seed_of_two_kinds_shares_nothing_visible():
    assert np.abs(pixels("ridges", 5, *SMALL) - pixels("sea", 5, *SMALL)).mean() > 2


def test_unknown_kind_is_refused_with_the_kinds_there_are():
    with pytest.raises(ValueError, match="ridges"):
        draw("selfies", 1, *SMALL)
