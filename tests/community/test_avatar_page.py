"""/settings/picture/: choosing, cutting, removing; and where a picture stands on everybody's pages."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from community.actions.suspend_member import suspend_member
from community.actions.take_down_avatar import take_down_avatar
from community.models import Avatar, User
from gallery.files import media
from gallery.models import Original, Picture
from gallery.states import ProcessingState
from tests.factories import a_broken_picture, a_member, a_picture, a_post, an_avatar, an_original, first_gallery
from tests.uploading import send_all

pytestmark = pytest.mark.django_db

PAGE = "/settings/picture/"


@pytest.fixture
def ana(client):
    ana = a_member("ana", name="Ana Duarte")
    client.force_login(ana)
    return ana


def a_file(name="me.jpg", **picture):
    return SimpleUploadedFile(name, a_picture(**picture).read(), "image/jpeg")


def send(client, **data):
    return client.post(PAGE, {"complete": "1", **data})


def text_of(client):
    return client.get(PAGE).content.decode()


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


class TestChoosing:
    def test_a_stranger_is_asked_to_sign_in(self, client):
        assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"
        assert send(client, picture=a_file()).url.startswith("/accounts/login/")

    def test_the_plain_form_cuts_the_middle(self, client, ana):
        assert send(client, picture=a_file()).url == PAGE
        assert Avatar.objects.get().crop_side == 0 and again(ana).avatar_large in text_of(client)

    def test_the_square_travels_with_the_file(self, client, ana):
        send(client, picture=a_file(), left="20", top="10", side="150")
        avatar = Avatar.objects.get()
        assert (avatar.crop_left, avatar.crop_top, avatar.crop_side) == (20, 10, 150)

    def test_a_file_that_was_sent_in_parts_is_taken_by_its_key(self, client, ana):
        content = a_picture().read()
        upload = send_all(client, content, 1500)
        assert send(client, upload=upload.key, left="0", top="0", side="100").url == PAGE
        assert Avatar.objects.get().picture.original_id == again(upload).original_id

    @pytest.mark.parametrize("key", ["unknown", "x\0y", "of somebody else"])
    def test_a_key_that_is_not_theirs_is_refused_with_words(self, client, ana, key):
        if key == "of somebody else":
            client.force_login(a_member("milo"))
            key = send_all(client, a_picture().read(), 1500).key
            client.force_login(ana)
        answer = send(client, upload=key)
        assert answer.status_code == 422 and not Avatar.objects.exists()

    @pytest.mark.parametrize(
        ("what", "words"),
        [
            ({}, "Choose a picture first."),
            ({"picture": SimpleUploadedFile("me.svg", b"<svg onload='alert(1)'/>", "image/jpeg")}, "SVG"),
            ({"picture": SimpleUploadedFile("me.jpg", b"", "image/jpeg")}, "empty"),
        ],
    )
    def test_what_is_no_picture_gets_a_kind_message_and_leaves_nothing(self, client, ana, what, words):
        answer = send(client, **what)
        assert answer.status_code == 422 and words in answer.content.decode()
        assert not Picture.objects.exists() and not Original.objects.exists()

    def test_a_file_that_is_too_large_is_refused(self, client, ana, settings):
        settings.UPLOAD_MAX_BYTES = 500
        answer = send(client, picture=a_file())
        assert answer.status_code in (413, 422) and not Original.objects.exists()

    @pytest.mark.parametrize("square", [{"side": "-5"}, {"left": "a lot"}, {"top": "9" * 30}])
    def test_a_square_that_makes_no_sense_is_refused_or_brought_inside(self, client, ana, square):
        answer = send(client, picture=a_file(), **square)
        assert answer.status_code in (302, 422)
        assert all(avatar.is_ready for avatar in Avatar.objects.all())

    def test_who_is_not_verified_reads_what_to_do_first(self, client):
        client.force_login(a_member("kit", verified=False))
        assert "Confirm your email address first." in text_of(client)
        assert send(client, picture=a_file()).status_code == 422
        assert not Original.objects.exists() and not Avatar.objects.exists()

    @pytest.mark.parametrize("format", ["HEIF", "AVIF", "GIF", "PNG", "WEBP"])
    def test_every_kind_of_picture_that_posts_take_is_taken(self, client, ana, format):
        send(client, picture=SimpleUploadedFile("me", a_picture(format=format).read()))
        assert Avatar.objects.get().is_in_place

    def test_no_cache_keeps_the_page(self, client, ana):
        assert "no-store" in client.get(PAGE)["Cache-Control"]


class TestWaiting:
    @pytest.fixture
    def waiting(self, ana):
        avatar = an_avatar(ana)
        Avatar.objects.filter(pk=avatar.pk).update(state=ProcessingState.PENDING)
        return avatar

    def test_the_page_says_so_and_asks_again_by_itself(self, client, waiting):
        page = text_of(client)
        assert "Processing" in page and f'hx-get="{PAGE}"' in page
        assert client.get(PAGE, headers={"HX-Request": "true"}).status_code == 204

    def test_once_it_is_ready_the_answer_brings_the_picture_and_stops_asking(self, client, ana, waiting):
        Avatar.objects.update(state=ProcessingState.READY)
        answer = client.get(PAGE, headers={"HX-Request": "true"})
        part = answer.content.decode()
        assert "<html" not in part and again(ana).avatar_large in part and "hx-get" not in part
        assert "HX-Request" in answer["Vary"]

    def test_the_header_gets_it_with_the_same_answer(self, client, ana, waiting):
        Avatar.objects.update(state=ProcessingState.READY)
        part = client.get(PAGE, headers={"HX-Request": "true"}).content.decode()
        assert re.search(r'id="own-avatar"[^>]*hx-swap-oob="true">\s*<img[^>]*' + again(ana).avatar_small, part)


class TestWhatElseThePageDoes:
    def test_cutting_anew_starts_from_the_square_that_there_is(self, client, ana):
        an_avatar(ana, crop=(20, 10, 150))
        page = text_of(client)
        assert 'name="left" value="20"' in page and 'data-width="400"' in page and "/private/derived/" in page
        assert client.post(PAGE, {"act": "crop", "left": "5", "top": "6", "side": "90"}).url == PAGE
        assert Avatar.objects.latest("pk").crop_side == 90

    @pytest.mark.parametrize("square", [{"side": "-1"}, {}])
    def test_there_must_be_something_to_cut_and_a_square(self, client, ana, square):
        answer = client.post(PAGE, {"act": "crop", **square}, follow=True)
        assert [str(message) for message in answer.context["messages"]] and not Avatar.objects.exists()

    def test_removing_it_leaves_the_initials(self, client, ana):
        an_avatar(ana)
        answer = client.post(PAGE, {"act": "remove"}, follow=True)
        assert "Removed." in answer.content.decode() and not again(ana).avatar_large
        assert "AD</span>" in answer.content.decode()

    def test_a_failure_says_why_and_can_be_tried_again_or_discarded(self, client, ana):
        an_avatar(ana)
        shown = again(ana).avatar_large
        an_avatar(ana, an_original(a_broken_picture()))
        page = text_of(client)
        assert "could not be processed" in page and "damaged" in page and "Until then the one before stays" in page
        client.post(PAGE, {"act": "retry"})
        assert Avatar.objects.latest("pk").state == ProcessingState.FAILED  # the same bytes, the same answer
        client.post(PAGE, {"act": "discard"})
        assert Avatar.objects.count() == 1 and again(ana).avatar_large == shown

    def test_a_takedown_is_told_with_its_reason(self, client, ana):
        take_down_avatar(an_avatar(ana), by=None, reason="Shows somebody else")
        page = text_of(client)
        assert "The team took your picture down" in page and "Shows somebody else" in page
        assert "Cut it anew" not in page

    def test_a_suspended_member_does_not_reach_it(self, client, ana):
        suspend_member(ana, by=None, reason="Spam")
        assert send(client, picture=a_file()).url == "/accounts/suspended/"


class TestWhereItStands:
    """The names of the files stand on the member's own row, so that no list asks for them."""

    def drawn(self, member, **context):
        return render_to_string("includes/avatar.html", {"member": member, **context}).strip()

    @pytest.mark.parametrize(("size", "side"), [("s", 22), ("", 36), ("l", 44), ("xl", 88)])
    def test_small_places_get_the_small_file_and_large_ones_the_large(self, size, side, django_assert_num_queries):
        member = User(username="ana", name="Ana", avatar_small="a/b/small.webp", avatar_large="a/b/large.webp")
        with django_assert_num_queries(0):
            drawn = self.drawn(member, size=size)
        assert media().url(f"a/b/{'small' if side <= 36 else 'large'}.webp") in drawn
        assert f'width="{side}" height="{side}" alt=""' in drawn

    def test_where_it_stands_alone_it_has_a_name(self):
        with_one = User(username="ana", name="Ana <b>", avatar_small="a/b/c", avatar_large="a/b/c")
        assert 'alt="Ana &lt;b&gt;"' in self.drawn(with_one, size="xl", alone=True)
        assert 'role="img" aria-label="Ana"' in self.drawn(User(username="ana", name="Ana"), size="xl", alone=True)

    def test_who_has_none_is_drawn_as_initials(self):
        assert self.drawn(User(username="ana", name="Ana Duarte"), size="l").endswith(">AD</span>")

    def test_it_is_beside_their_name_wherever_that_stands(self, client):
        ana = a_member("ana")
        post = a_post(ana)
        an_avatar(ana)
        small, large = again(ana).avatar_small, again(ana).avatar_large
        for url in ("/", "/members/", "/members/ana/", first_gallery(ana).address(), post.address()):
            page = client.get(url).content.decode()
            assert media().url(small) in page or media().url(large) in page, url
        client.force_login(ana)
        header = client.get("/").content.decode().partition("<main")[0]
        assert media().url(small) in header and media().url(large) in header

    def test_pictures_cost_a_list_no_further_query(self, client, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        people = [a_member() for _ in range(3)]
        for person in people:
            a_post(person)
        client.get("/members/")  # what is remembered for all is asked once
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as spent:
                assert client.get("/members/").status_code == 200
            counts.append(len(spent))
            for person in people:
                an_avatar(person)
        assert counts[0] == counts[1]
