"""Receipts: after a takedown every address that the post ever had is asked for, and what is still reachable is told."""

import logging

import pytest
import requests
from django.core.files.base import ContentFile
from django.utils import timezone

from community import receipts
from community.actions.write_receipt import write_receipt
from community.models import Receipt, ReceiptLine
from community.receipts import check
from community.sweep import sweep_people
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_in_admin import take_down_in_admin
from gallery.actions.take_down_photo import restore_photo, take_down_photo
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.addresses import addresses_of
from gallery.files import media
from gallery.models import Publication, Purge
from tests.caching_proxy import caching_proxy  # noqa: F401  (a fixture)
from tests.factories import a_member, a_post, a_staff_member, an_original
from tests.receipts_world import alarmed, newest
from tests.traces import public_files

WHY = "Not allowed"


@pytest.fixture
def mod():
    return a_staff_member("Moderators", "marta")


@pytest.fixture
def post():
    return a_post(a_member("ana"), caption="Kestrel at #dawn")


def put_back(post):
    """Lay a file of the post on the media host again, under its old name; returns its address there."""
    name = Publication.objects.filter(post=post).first().names[0]
    media().save(name, ContentFile(b"picture"))
    return name


@pytest.mark.django_db
class TestWriting:
    def test_each_way_to_take_a_post_down_writes_one(self, mod, post):
        take_down_post(post, by=mod, reason=WHY)
        assert (newest().post, newest().about, newest().expected) == (post, post.short_id, "gone")
        other = a_post()
        take_down_in_admin(other)
        assert newest().post == other

    def test_every_post_that_goes_along_has_its_own(self, mod):
        ana, original = a_member(), an_original()
        posts = [a_post(ana, original=original), a_post(ana, original=original)]
        take_down_post(posts[0], by=mod, reason=WHY)
        assert {receipt.post for receipt in Receipt.objects.all()} == set(posts)

    def test_a_restore_writes_one_and_overtakes_that_of_the_takedown(self, mod, post):
        take_down_post(post, by=mod, reason=WHY)
        restore_post(post, by=mod)
        first, second = Receipt.objects.order_by("pk")
        assert (first.due_at, second.expected) == (None, "shown") and second.due_at

    def test_an_authors_own_deletion_writes_none(self, post):
        withdraw_post(post, by=post.author)
        assert not Receipt.objects.exists()

    def test_a_takedown_that_is_refused_writes_none(self, post):
        with pytest.raises(Exception, match="Only moderators"):
            take_down_post(post, by=post.author, reason=WHY)
        assert not Receipt.objects.exists()

    def test_written_twice_before_it_is_checked_it_is_one(self, post):
        assert write_receipt(post) == write_receipt(post)


@pytest.mark.django_db
class TestChecking:
    def test_a_takedown_is_proven_at_every_address_that_the_post_ever_had(self, site, mod, post):
        ever = addresses_of(post)
        take_down_post(post, by=mod, reason=WHY)
        receipt = newest()
        assert check(receipt.pk)
        receipt.refresh_from_db()
        assert (receipt.state, receipt.due_at, receipt.tries) == ("clean", None, 1) and receipt.checked_at
        assert {address.url for address in ever if address.url} <= set(receipt.lines.values_list("url", flat=True))
        assert not receipt.lines.filter(as_expected=False).exists()
        assert {410} == set(receipt.lines.filter(kind="page").values_list("status", flat=True))
        assert {404} == set(receipt.lines.filter(kind="public rendition").values_list("status", flat=True))

    def test_a_restore_is_proven_by_the_page_and_its_new_files_and_that_the_old_ones_stay_dead(self, site, mod, post):
        old = set(Publication.objects.get(post=post).names)
        take_down_post(post, by=mod, reason=WHY)
        restore_post(post, by=mod)
        assert check(newest().pk)
        answers = dict(newest().lines.filter(kind="public rendition").values_list("url", "status"))
        assert {answers[media().url(name)] for name in old} == {404} and 200 in answers.values()
        assert set(
            newest().lines.filter(role="own").exclude(kind="former address").values_list("status", flat=True)
        ) == {200}

    def test_restored_and_still_hidden_it_is_proven_to_be_out_of_reach(self, site, mod, post):
        take_down_post(post, by=mod, reason=WHY)
        withdraw_post(post, by=post.author)
        restore_post(post, by=mod)
        assert check(newest().pk) and newest().expected == "gone"

    def test_a_file_that_is_still_there_is_purged_and_proven_in_the_next_try(self, site, mod, post):
        take_down_post(post, by=mod, reason=WHY)
        name = put_back(post)
        assert not check(newest().pk)
        assert newest().state == "pending"  # within the minutes that a CDN may take
        assert name not in public_files()
        assert Purge.objects.get(path=f"{name.rpartition('/')[0]}/").files_gone_at
        assert check(newest().pk) and newest().state == "clean"

    def test_what_is_still_reachable_after_some_minutes_is_an_alarm_and_told_to_the_operator(
        self, site, mod, post, monkeypatch, caplog
    ):
        take_down_post(post, by=mod, reason=WHY)
        site.stubs[post.address()] = (200, b"Kestrel", None)
        receipt = newest()
        alarmed(receipt)
        assert not check(receipt.pk)
        receipt.refresh_from_db()
        assert receipt.state == "reachable" and receipt.due_at > timezone.now()
        assert [
            r.levelname for r in caplog.records if post.short_id in r.getMessage() and "reachable" in r.getMessage()
        ] == ["ERROR"]
        del site.stubs[post.address()]
        assert check(receipt.pk) and newest().state == "clean"

    def test_a_list_that_still_names_the_post_is_reachable_too(self, site, mod, post):
        take_down_post(post, by=mod, reason=WHY)
        site.stubs["/explore/"] = (200, f"<a href='/p/{post.short_id}/'>".encode(), None)
        alarmed(newest())
        check(newest().pk)
        assert newest().state == "reachable"
        assert list(newest().lines.filter(as_expected=False).values_list("url", flat=True)) == ["/explore/"]

    def test_what_did_not_answer_is_neither_proven_nor_an_alarm_and_asked_again_alone(self, site, mod, post):
        take_down_post(post, by=mod, reason=WHY)
        site.stubs["/explore/"] = requests.ConnectionError("refused")
        site.stubs["/members/"] = (503, b"", None)
        alarmed(newest())
        assert not check(newest().pk) and newest().state == "pending"
        assert newest().lines.get(url="/explore/").error == "No answer: ConnectionError"
        site.asked.clear(), site.stubs.clear()
        assert check(newest().pk)
        assert set(site.asked) == {"/explore/", "/members/"}

    def test_tries_come_later_and_later_and_end(self, site, mod, post, caplog):
        take_down_post(post, by=mod, reason=WHY)
        site.stubs["/explore/"] = requests.ConnectionError("refused")
        waits = []
        for _try in range(4):
            before = timezone.now()
            check(newest().pk)
            waits.append(round((newest().due_at - before).total_seconds(), -1))
        assert waits == [20, 40, 80, 160]
        Receipt.objects.update(tries=receipts.MOST_TRIES - 1)
        check(newest().pk)
        assert newest().due_at is None and not check(newest().pk)
        assert "could not be proven" in caplog.text

    def test_the_sweeper_checks_what_is_due_and_nothing_else(self, site, mod, post):
        take_down_post(post, by=mod, reason=WHY)
        assert sweep_people()["receipts_queued_again"] == 1 and newest().state == "clean"
        assert sweep_people()["receipts_queued_again"] == 0

    def test_where_nobody_may_be_asked_nothing_is(self, site, mod, post, settings):
        settings.RECEIPT_SITE_URL = ""
        take_down_post(post, by=mod, reason=WHY)
        assert not check(newest().pk) and sweep_people()["receipts_queued_again"] == 0
        assert site.asked == [] and newest().tries == 0

    def test_one_photo_that_is_taken_down_has_a_receipt_of_its_files(self, site, mod):
        post = a_post(photos=2)
        photo = post.photos.first()
        names = set(photo.picture.renditions.exclude(public_name="").values_list("public_name", flat=True))
        take_down_photo(photo, by=mod, reason=WHY)
        urls = set(newest().lines.values_list("url", flat=True))
        assert {media().url(name) for name in names} <= urls and not any(url == post.address() for url in urls)
        assert check(newest().pk) and newest().state == "clean"

    def test_a_photo_that_is_shown_again_overtakes_its_receipt(self, site, mod):
        photo = a_post(photos=2).photos.first()
        take_down_photo(photo, by=mod, reason=WHY)
        restore_photo(photo, by=mod)
        gone, shown = Receipt.objects.order_by("pk")
        assert gone.due_at is None and shown.expected == "shown"


@pytest.mark.s3
@pytest.mark.django_db(transaction=True)
class TestOnAnObjectStoreBehindACdn:
    """With the site's own server, a real S3 server, and a cache before it that hands out what it has seen."""

    @pytest.fixture
    def seen(self, caching_proxy, live_server, settings, monkeypatch):  # noqa: F811
        """A post of which the cache keeps every file."""
        settings.SITE_URL = settings.RECEIPT_SITE_URL = live_server.url
        monkeypatch.setattr("community.actions.write_receipt.enqueue", lambda pk: None)
        post = a_post(caption="Kestrel")
        for name in Publication.objects.get(post=post).names:
            assert requests.get(f"{caching_proxy.url}/{name}", timeout=10).status_code == 200
        return post

    def test_the_receipt_asks_the_bucket_and_the_cdn_and_both_have_forgotten(self, seen, caching_proxy):  # noqa: F811
        take_down_post(seen, by=a_staff_member("Moderators"), reason=WHY)
        assert check(newest().pk), list(newest().lines.filter(as_expected=False).values("url", "status", "error"))
        files = ReceiptLine.objects.filter(receipt=newest(), kind="public rendition")
        assert set(files.values_list("host", flat=True)) == {"media", "cdn"}
        assert set(files.values_list("status", flat=True)) <= {403, 404}
        assert caching_proxy.kept == {}

    def test_a_cdn_that_forgets_nothing_is_found_out_and_asked_again(self, seen, caching_proxy, caplog):  # noqa: F811
        caching_proxy.forgets = False
        take_down_post(seen, by=a_staff_member("Moderators"), reason=WHY)
        alarmed(newest())
        assert not check(newest().pk) and newest().state == "reachable"
        still = newest().lines.filter(as_expected=False)
        assert set(still.values_list("host", flat=True)) == {"cdn"} and set(still.values_list("status", flat=True)) == {
            200
        }
        assert any(
            record.levelno == logging.ERROR and "still reachable" in record.getMessage() for record in caplog.records
        )
        caching_proxy.forgets = True
        assert not check(newest().pk)  # finds them once more, and has them purged
        assert check(newest().pk) and newest().state == "clean"
