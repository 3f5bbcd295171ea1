"""Valid files of all six formats with some of their bytes changed: a picture or a clear message, and nothing else."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.imaging import PictureRefused, inspect, render
from tests import odd_pictures as odd

pytestmark = pytest.mark.once

# Mostly in the head, where sizes, offsets and counts stand.
PLACES = st.one_of(st.floats(0, 0.2), st.floats(0, 1))
CHANGES = st.lists(st.tuples(PLACES, st.sampled_from([0, 1, 0x7F, 0x80, 0xFE, 0xFF]) | st.integers(0, 255)), max_size=8)


def changed(format, changes, cut, doubled):
    data = bytearray(odd.small(format))
    for place, value in changes:
        data[min(int(place * len(data)), len(data) - 1)] = value
    if doubled is not None:
        at = int(doubled * len(data))
        data[at:at] = data[at : at + 40]
    return bytes(data[: int(cut * len(data))])


@given(
    format=st.sampled_from(odd.SIX),
    changes=CHANGES,
    cut=st.just(1.0) | st.floats(0.05, 1),
    doubled=st.none() | st.floats(0, 1),
)
@settings(max_examples=90)
def test_changed_file_is_a_picture_or_a_clear_message(format, changes, cut, doubled):
    data = changed(format, changes, cut, doubled)
    for act in (inspect, lambda file: render(file, widths=[64])):
        try:
            seen = act(BytesIO(data))
        except PictureRefused as caught:
            assert caught.message
        else:
            assert seen.width > 0 and seen.height > 0


@given(data=st.binary(max_size=200), start=st.sampled_from([b"", *(odd.small(format)[:24] for format in odd.SIX)]))
@settings(max_examples=300)
def test_any_bytes_get_an_answer_from_their_head(data, start):
    try:
        assert inspect(BytesIO(start + data)).width > 0
    except PictureRefused as caught:
        assert caught.message
