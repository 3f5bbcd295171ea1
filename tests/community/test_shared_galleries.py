"""Shared galleries: the owner invites, members accept, add posts of their own, and leave. What is theirs stays theirs."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from community.actions import invite_contributor as inviting
from community.actions.answer_gallery_invitation import decline_gallery, join_gallery
from community.actions.block import block
from community.actions.gallery_entries import add_to_gallery, take_out_of_gallery
from community.actions.invite_contributor import invite_contributor
from community.actions.leave_gallery import leave_gallery
from community.actions.pass_on_galleries import pass_on_galleries
from community.lists import galleries_of, posts_of_gallery
from community.models import Block, Notification, User
from community.models.users import Standing
from gallery.actions.choose_cover import choose_cover
from gallery.actions.edit_gallery import edit_gallery
from gallery.actions.order_posts import order_posts
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_post import take_down_post
from gallery.addresses import addresses_of
from gallery.models import Contributor, GalleryEntry, GalleryPage, PostPage
from gallery.models.pages import GalleryOrder
from tests import factories as f
from tests.galleries_world import a_contributor, an_entry
from tests.traces import ledger_acts, member_acts

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def ana():
    return f.a_member("ana")


@pytest.fixture
def iceland(ana):
    return f.a_gallery(ana)


def fresh(gallery):
    return GalleryPage.objects.select_related("author").get(pk=gallery.pk)


def shown(gallery, viewer=VISITOR, size=2):
    found, cursor = [], ""
    while True:
        page = posts_of_gallery(fresh(gallery), viewer, cursor, size=size)
        found += page.items
        cursor = page.next
        if not cursor:
            return found


def told(user):
    return [row.details.get("act") for row in Notification.objects.filter(recipient=user).order_by("pk")]


class TestInviting:
    def test_an_invited_member_is_told_accepts_and_the_owner_is_told(self, ana, iceland):
        milo = f.a_member("milo")
        invite_contributor(iceland, milo, by=ana)
        assert told(milo) == ["invited"]
        join_gallery(iceland, by=milo)
        join_gallery(iceland, by=milo)
        assert told(ana) == ["joined"]
        assert member_acts("ana/iceland")[1:] == ["gallery.contributor_invited", "gallery.joined"]

    def test_twice_is_once(self, ana, iceland):
        milo = f.a_member("milo")
        assert invite_contributor(iceland, milo, by=ana) == invite_contributor(iceland, milo, by=ana)
        assert told(milo) == ["invited"]

    def test_declined_it_is_as_if_it_had_not_been(self, ana, iceland):
        milo = f.a_member("milo")
        invite_contributor(iceland, milo, by=ana)
        assert decline_gallery(iceland, by=milo)
        assert not Contributor.objects.exists() and told(milo) == [] and told(ana) == []
        with pytest.raises(PermissionDenied):
            join_gallery(iceland, by=milo)

    def test_only_the_owner_invites(self, ana, iceland):
        milo = a_contributor(iceland)
        with pytest.raises(PermissionDenied):
            invite_contributor(iceland, f.a_member(), by=milo)

    @pytest.mark.parametrize("who", ["herself", "blocked", "blocking", "unverified"])
    def test_who_cannot_be_invited(self, ana, iceland, who):
        other = ana if who == "herself" else f.a_member(verified=who != "unverified")
        if who == "blocked":
            Block.objects.create(blocker=ana, blocked=other)
        if who == "blocking":
            Block.objects.create(blocker=other, blocked=ana)
        with pytest.raises(ValidationError):
            invite_contributor(iceland, other, by=ana)

    def test_there_is_room_for_so_many(self, ana, iceland, monkeypatch):
        monkeypatch.setattr(inviting, "MOST", 1)
        a_contributor(iceland)
        with pytest.raises(ValidationError):
            invite_contributor(iceland, f.a_member(), by=ana)


class TestWhatIsShown:
    def test_owners_and_contributors_posts_are_merged_in_order(self, ana, iceland):
        milo = a_contributor(iceland)
        posts = []
        for _round in range(3):
            posts += [f.a_post(ana, gallery=iceland, original=f.an_original(by=ana)), an_entry(iceland, milo)]
        assert shown(iceland) == posts[::-1]
        edit_gallery(iceland, by=ana, name="Iceland", description="", order=GalleryOrder.OLDEST)
        assert shown(iceland, size=4) == posts
        edit_gallery(iceland, by=ana, name="Iceland", description="", order=GalleryOrder.BY_HAND)
        wished = [posts[n] for n in (1, 4, 5, 0, 3, 2)]
        order_posts(iceland, [post.short_id for post in wished], by=ana)
        assert shown(iceland, size=1) == wished
        late = an_entry(iceland, milo)
        assert shown(iceland)[0] == late

    def test_an_entry_shows_a_post_to_nobody_else(self, ana, iceland):
        milo = a_contributor(iceland)
        post = an_entry(iceland, milo)
        set_visibility(post, by=milo, visibility="followers")
        assert shown(iceland) == [] and shown(iceland, ana) == []
        assert shown(iceland, milo) == [post]
        set_visibility(post, by=milo, visibility="unlisted")
        assert shown(iceland) == []

    def test_whoever_has_a_block_with_a_contributor_does_not_see_theirs(self, ana, iceland):
        milo, zoe = a_contributor(iceland), f.a_member()
        own, theirs = f.a_post(ana, gallery=iceland), an_entry(iceland, milo)
        Block.objects.create(blocker=zoe, blocked=milo)
        assert shown(iceland, zoe) == [own]
        assert shown(iceland) == [theirs, own]

    def test_what_was_taken_down_is_gone_from_there_too(self, ana, iceland):
        post = an_entry(iceland, a_contributor(iceland))
        take_down_post(post, by=None, reason="No.")
        assert shown(iceland) == []

    def test_the_post_stays_in_its_authors_gallery_and_the_tree_as_it_is(self, iceland):
        milo = a_contributor(iceland)
        post = an_entry(iceland, milo)
        assert PostPage.objects.get(pk=post.pk).gallery == f.first_gallery(milo)
        assert shown(f.first_gallery(milo)) == [post]

    def test_its_address_lists_the_shared_gallery(self, iceland):
        post = an_entry(iceland, a_contributor(iceland))
        assert iceland.address() in {address.url for address in addresses_of(post)}

    def test_a_contributors_post_can_be_the_cover(self, ana, iceland):
        post = an_entry(iceland, a_contributor(iceland))
        choose_cover(iceland, post, by=ana)
        covers = {gallery.pk: gallery.cover_post for gallery in galleries_of(ana, VISITOR)}
        assert covers[iceland.pk] == post


class TestAddingAndLeaving:
    def test_the_owner_is_told_of_a_post(self, ana, iceland):
        milo = a_contributor(iceland)
        post = an_entry(iceland, milo)
        add_to_gallery(post, iceland, by=milo)
        assert told(ana) == ["joined", "added"]
        assert GalleryEntry.objects.count() == 1

    def test_only_who_accepted_adds_and_only_what_is_theirs_and_seen(self, ana, iceland):
        milo, zoe = a_contributor(iceland), f.a_member()
        invite_contributor(iceland, zoe, by=ana)
        for post, by in ((f.a_post(zoe), zoe), (f.a_post(ana), milo)):
            with pytest.raises(PermissionDenied):
                add_to_gallery(post, iceland, by=by)
        with pytest.raises(ValidationError):
            add_to_gallery(f.a_draft(milo), iceland, by=milo)

    @pytest.mark.parametrize("who", ["author", "owner", "other"])
    def test_its_author_and_the_owner_take_a_post_out(self, ana, iceland, who):
        milo, zoe = a_contributor(iceland), a_contributor(iceland)
        post = an_entry(iceland, milo)
        if who == "other":
            with pytest.raises(PermissionDenied):
                take_out_of_gallery(post, iceland, by=zoe)
        else:
            assert take_out_of_gallery(post, iceland, by={"author": milo, "owner": ana}[who])
            assert shown(iceland) == []

    @pytest.mark.parametrize("who", ["themselves", "owner", "other"])
    def test_who_leaves_takes_their_posts_along(self, ana, iceland, who):
        milo, zoe = a_contributor(iceland), a_contributor(iceland)
        an_entry(iceland, milo)
        kept = an_entry(iceland, zoe)
        if who == "other":
            with pytest.raises(PermissionDenied):
                leave_gallery(iceland, milo, by=zoe)
        else:
            assert leave_gallery(iceland, milo, by={"themselves": milo, "owner": ana}[who])
            assert shown(iceland) == [kept]

    @pytest.mark.parametrize("way", ["owner blocks", "contributor blocks"])
    def test_after_a_block_neither_is_in_the_others_gallery(self, ana, iceland, way):
        milo = a_contributor(iceland)
        an_entry(iceland, milo)
        theirs = f.a_gallery(milo, "Rome")
        invite_contributor(theirs, ana, by=milo)
        one, other = (ana, milo) if way == "owner blocks" else (milo, ana)
        block(one, other)
        assert not Contributor.objects.exists() and not GalleryEntry.objects.exists()


class TestPassingOn:
    @pytest.fixture
    def left(self, ana, iceland):
        """Ana left; Milo contributed first, then Zoe."""
        milo, zoe = a_contributor(iceland, "milo"), a_contributor(iceland, "zoe")
        f.a_post(ana, gallery=iceland)
        posts = [an_entry(iceland, milo), an_entry(iceland, zoe)]
        edit_gallery(iceland, by=ana, name="Iceland", description="Cold", order=GalleryOrder.OLDEST)
        User.objects.filter(pk=ana.pk).update(standing=Standing.LEFT, is_active=False)
        return User.objects.get(pk=ana.pk), posts

    def test_the_longest_standing_contributor_gets_a_new_page_with_the_rows(self, left, iceland):
        ana, posts = left
        [new] = pass_on_galleries(ana)
        assert (new.author.username, new.title, new.description, new.order) == ("milo", "Iceland", "Cold", "oldest")
        assert shown(new) == posts
        assert list(new.contributors.values_list("user__username", flat=True)) == ["zoe"]
        assert fresh(iceland).moved_to == new
        assert told(new.author)[-1] == "passed"
        assert "gallery.passed_on" in ledger_acts("ana/iceland")

    def test_the_old_address_leads_there_for_good_whatever_its_owner_is_called_then(self, client, left, iceland):
        ana, _posts = left
        pass_on_galleries(ana)
        assert client.get("/members/ana/iceland/").headers["Location"] == "/members/milo/iceland/"
        User.objects.filter(pk=ana.pk).update(username="former-member-1")
        response = client.get("/members/ana/iceland/")
        assert (response.status_code, response.url) == (301, "/members/milo/iceland/")

    def test_run_again_it_does_nothing_more(self, left):
        assert len(pass_on_galleries(left[0])) == 1
        assert pass_on_galleries(left[0]) == []

    def test_without_a_contributor_in_good_standing_it_stays(self, left, iceland):
        User.objects.exclude(username="ana").update(standing=Standing.SUSPENDED)
        assert pass_on_galleries(left[0]) == []
        assert fresh(iceland).moved_to is None

    def test_whom_the_new_owner_blocked_is_no_longer_in_it(self, left):
        Block.objects.create(blocker=User.objects.get(username="milo"), blocked=User.objects.get(username="zoe"))
        [new] = pass_on_galleries(left[0])
        assert shown(new) == left[1][:1] and not new.contributors.exists()
