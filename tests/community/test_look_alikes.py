"""What looks like a picture: found by a task when a case is opened or a picture banned, shown blurred, decided by staff."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from PIL import ImageOps
from wagtail.models import PageLogEntry

from community import look_alikes, reporting
from community.models import Case, LookAlike
from community.sweep import sweep_people
from gallery import look_alikes as readings
from gallery.actions.ban_picture import ban_picture
from gallery.actions.decide_match import let_through
from gallery.actions.take_down_post import take_down_post
from gallery.likeness import distance
from gallery.models import BanMatch, BannedPicture, Original, PostPage, Rendition
from gallery.sweep import sweep
from tests.cases_world import a_case
from tests.factories import a_member, a_post, a_staff_member, an_original
from tests.gallery.test_bans import CHANGES, as_file, drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona():
    return a_staff_member("Moderators", "mona")


@pytest.fixture
def ridge():
    return a_post_of(drawn())


def a_post_of(image, author=None, **how):
    return a_post(author or a_member(), original=an_original(as_file(image)), **how)


def small(number=1):
    """The ridge as others saved it anew: another file each time."""
    return drawn().resize((320 + 8 * number, 214 + 5 * number))


def found_for(case):
    return [(one.photo.post_id, one.mirrored) for one in look_alikes.look_alikes_of(case)]


def reviewed():
    return set(Case.objects.open().filter(queue="review").values_list("post", flat=True))


def waits(rows):
    rows.update(alike_due_at=timezone.now() - timedelta(minutes=1))


# --- The reading --------------------------------------------------------------------------------------------------------


def test_a_reading_finds_the_same_as_comparing_one_by_one_and_reads_in_chunks(monkeypatch, settings):
    monkeypatch.setattr(readings, "CHUNK", 3)
    monkeypatch.setattr(readings, "MOST_FOUND", 4)
    wanted = "0123456789abcdef" * 4
    for number in range(10):  # each differs in that many bits
        bits = int(wanted, 16) ^ ((1 << number * 12) - 1)
        Original.objects.create(sha256=f"{number:064}", size=1, width=1, height=1, likeness=f"{bits:064x}")
    Original.objects.create(sha256="a" * 64, size=1, width=1, height=1)
    others = Original.objects.exclude(likeness="").order_by("pk")
    expected = [(distance(wanted, one.likeness), one.pk) for one in others]
    assert [(one.bits, one.original) for one in readings.nearest({1: [wanted]})[1]] == sorted(expected)[:4]
    settings.BANNED_DISTANCE = 12
    assert [one.bits for one in readings.nearest({1: [wanted], 2: []})[1]] == [0, 12]


# --- Cases --------------------------------------------------------------------------------------------------------------


def test_a_case_of_a_post_gets_what_looks_like_it_the_nearest_first_and_the_mirror_image_too(ridge):
    near, mirrored = a_post_of(small()), a_post_of(ImageOps.mirror(small(2)))
    a_post_of(drawn("sea", 4))
    a_post(original=ridge.photos.get().picture.original)  # the same file is no look-alike
    case = a_case(ridge)
    assert set(found_for(case)) == {(near.pk, False), (mirrored.pk, True)}
    distances = [one.distance for one in look_alikes.look_alikes_of(case)]
    assert distances == sorted(distances)
    assert case.alike_due_at is None


def test_drafts_are_left_out_and_each_post_is_there_once_of_the_nearest_twelve(ridge, monkeypatch):
    post = a_post_of(small())
    for number in (2, 3):
        a_post_of(small(number))
    PostPage.objects.filter(pk=post.pk).update(author_state="draft")
    assert post.pk not in dict(found_for(a_case(ridge)))
    monkeypatch.setattr(look_alikes, "MOST", 1)
    assert len(found_for(a_case(a_post_of(small(5))))) == 1


def test_a_case_of_a_member_or_of_what_shows_nothing_waits_for_nothing(ridge):
    assert a_case(ridge.author).alike_due_at is None
    assert found_for(a_case(a_post())) == []


def test_a_task_that_is_killed_is_queued_again_and_run_twice_ends_the_same(ridge, monkeypatch):
    near = a_post_of(small())
    monkeypatch.setattr(reporting, "find_look_alikes_of_cases", SimpleNamespace(enqueue=lambda: None))
    case = a_case(ridge)
    assert case.alike_due_at and found_for(case) == []
    monkeypatch.setattr(look_alikes, "nearest", lambda wanted: (_ for _ in ()).throw(OSError("down")))
    with pytest.raises(OSError, match="down"):
        look_alikes.look_for_cases()
    monkeypatch.undo()
    assert sweep_people()["look_alikes_queued_again"] == 0  # not while it may still be at work
    waits(Case.objects.filter(pk=case.pk))
    assert sweep_people()["look_alikes_queued_again"] == 1
    assert found_for(case) == [(near.pk, False)]
    waits(Case.objects.filter(pk=case.pk))
    look_alikes.look_for_cases()
    assert found_for(case) == [(near.pk, False)] and LookAlike.objects.count() == 1


def test_where_its_rendition_is_gone_what_we_know_of_it_is_looked_for(ridge):
    near = a_post_of(small())
    Rendition.objects.filter(image__photo__post=ridge).update(file="derived/gone/gone.webp")
    assert found_for(a_case(ridge)) == [(near.pk, False)]


# --- The page of the case -----------------------------------------------------------------------------------------------


def test_the_case_shows_them_blurred_from_the_vault_and_says_how_alike_in_one_query(
    client, mona, ridge, django_assert_num_queries
):
    near = a_post_of(small(), caption="Somebody else’s ridge")
    case = a_case(ridge)
    with django_assert_num_queries(1):
        [found] = look_alikes.look_alikes_of(case)
    client.force_login(mona)
    page = client.get(f"/admin/cases/{case.key}/").content.decode()
    part = page[page.index("Looks alike") :]
    assert "Nearly the same" in part and "of 256 bits differ" in part and "Somebody else’s ridge" in part
    assert f'src="/private/{found.file}"' in part and 'console-veil" data-veiled' in part
    assert near.author.username in part


def test_of_what_visitors_cannot_see_there_is_neither_picture_nor_title(client, mona, ridge):
    near = a_post_of(small(), caption="Somebody else’s ridge")
    case = a_case(ridge)
    take_down_post(near, by=mona, reason="Spam")
    client.force_login(mona)
    page = client.get(f"/admin/cases/{case.key}/").content.decode()
    part = page[page.index("Looks alike") :]
    part = part[: part.index("</ul>")]
    assert near.short_id in part and "Taken down" in part and "/private/" not in part and "Somebody" not in part
    assert not PageLogEntry.objects.filter(action="pixlpix.look", page=near).exists()


def test_in_words():
    def says(bits, mirrored=False):
        return look_alikes.in_words(LookAlike(distance=bits, mirrored=mirrored))

    assert [says(bits) for bits in (0, 16, 17, 40, 41, 256)] == [
        "Nearly the same", "Nearly the same", "Very alike", "Very alike", "Alike", "Alike"
    ]  # fmt: skip
    assert says(0, mirrored=True) == "Nearly the same, mirrored"


# --- What was banned ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES)
def test_a_takedown_makes_cases_of_other_peoples_look_alikes_and_takes_none_down(ridge, mona, change):
    theirs, own, other = (
        a_post_of(CHANGES[change](drawn())),
        a_post_of(small(), ridge.author),
        a_post_of(drawn("sea", 4)),
    )
    take_down_post(ridge, by=mona, reason="It shows a neighbour.")
    assert reviewed() == {theirs.pk}
    assert all(PostPage.objects.get(pk=post.pk).is_visible for post in (theirs, own, other))
    assert BannedPicture.objects.get().alike_due_at is None


def test_so_does_a_hash_that_staff_enter_and_there_the_same_file_counts_as_well(ridge, mona):
    near = a_post_of(small())
    ban_picture(ridge.photos.get().picture.original.sha256, by=mona, reason="Reported by a court")
    assert reviewed() == {ridge.pk, near.pk}


def test_a_hash_that_we_do_not_have_waits_until_we_know_what_it_looks_like(mona, ridge):
    ban_picture("ab" * 32, by=mona, reason="From a list")
    assert BannedPicture.objects.get().alike_due_at is None and reviewed() == set()


def test_what_is_not_public_or_was_let_through_becomes_no_case(ridge, mona):
    hidden, decided = a_post_of(small()), a_post_of(small(2))
    PostPage.objects.filter(pk=hidden.pk).update(hidden_by=4)
    banned = BannedPicture.objects.create(
        sha256=ridge.photos.get().picture.original.sha256,
        likeness=Original.objects.first().likeness,
        about=ridge.short_id,
    )
    match = BanMatch.objects.create(photo=decided.photos.get(), banned=banned, distance=3)
    let_through(match, by=mona)
    waits(BannedPicture.objects.all())
    readings.look_for_banned()
    assert reviewed() == set()


def test_a_case_that_staff_closed_is_not_opened_again_by_a_task_that_runs_twice(ridge, mona):
    a_post_of(small())
    take_down_post(ridge, by=mona, reason="It shows a neighbour.")
    Case.objects.update(closed_at=timezone.now())
    waits(BannedPicture.objects.filter(alike_due_at__isnull=False))
    readings.look_for_banned()
    assert reviewed() == set()


def test_a_reading_that_was_lost_is_queued_again(ridge, mona, monkeypatch):
    near = a_post_of(small())
    with monkeypatch.context() as patched:
        patched.setattr("gallery.bans.find_look_alikes", lambda: None)
        take_down_post(ridge, by=mona, reason="It shows a neighbour.")
    assert reviewed() == set()
    assert sweep()["look_alikes_queued_again"] == 1 and reviewed() == {near.pk}
    assert sweep()["look_alikes_queued_again"] == 0
