"""Filling an empty database with the demo: through the site's own actions, once, and never over what people did."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from community.models import Comment, CommentLike, ConsentRecord, Follow, Like, PromptEntry, PromptPage, User
from gallery.camera import camera_line
from gallery.models import Contributor, GalleryEntry, GalleryPage, PostPage
from home.models import Pick
from pixlpix.demo import content as demo_content
from pixlpix.demo import fill as demo_fill
from pixlpix.demo.company import keep_company
from pixlpix.management.commands import fill_demo
from tests.factories import a_member, a_post, first_gallery

# Queued, as outside tests: a task run inside the publishing transaction would show a post before its date is set.
pytestmark = [pytest.mark.django_db, pytest.mark.queued]


def small_post(post):
    """A post of the demo in small pictures."""
    more = tuple(replace(picture, width=picture.width // 8, height=picture.height // 8) for picture in post.more)
    return replace(post, width=post.width // 8, height=post.height // 8, more=more)


@pytest.fixture
def special():
    """A sensitive post of one person's with further photos, a camera and a download, in small pictures."""
    whole = demo_content.load()
    many = next(small_post(post) for post in whole.posts if post.more and post.camera)
    return replace(many, sensitive="Shows a wound", allow_download=True)


@pytest.fixture
def small():
    """The demo with all its people but 8 posts, in small pictures: the picks' and the newest."""
    whole = demo_content.load()
    picked = [post for post in whole.posts if post.picture in whole.picks[:3]]
    posts = [post for post in whole.posts if post.picture not in whole.picks][-5:]
    chosen = sorted(picked + posts, key=lambda post: -post.age)
    chosen = [small_post(post) for post in chosen]
    galleries = {(post.author, post.gallery) for post in chosen}
    people = tuple(
        replace(
            person,
            face=person.face if person.username in ("tomas", "wren") else "",
            galleries=tuple(gallery for gallery in person.galleries if (person.username, gallery.name) in galleries),
        )
        for person in whole.people
    )
    return replace(whole, people=people, posts=tuple(chosen), picks=whole.picks[:3])


@pytest.fixture
def local(settings, monkeypatch, small):
    """A local run, as the command needs it, whose demo is the small one."""
    settings.DEBUG = True
    monkeypatch.setattr(fill_demo, "load", lambda: small)
    # Hashing a dozen passwords is most of the time otherwise.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def run(**options):
    out = StringIO()
    call_command("fill_demo", processes=1, stdout=out, **options)
    return out.getvalue()


def test_refused_where_debug_is_off(settings, small):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        run()
    assert not User.objects.exists()


def test_makes_every_person_gallery_and_post(local, small):
    run()
    assert User.objects.count() == len(small.people)
    for post in small.posts:
        page = PostPage.objects.get(author__username=post.author, caption=post.caption)
        assert page.gallery.title == post.gallery
        texts = [photo.alt_text for photo in page.photos.order_by("position")]
        assert texts == [picture.alt_text for picture in post.pictures]


def test_post_of_many_photos_comes_with_its_camera_its_reason_and_its_download(special):
    author = a_member(special.author)
    made = demo_fill.publish(special, first_gallery(author).pk, timezone.now())
    page = PostPage.objects.get(caption=special.caption)
    assert made and page.is_visible and page.is_sensitive and page.sensitive_reason == "Shows a wound"
    assert page.allow_download and page.show_camera
    for photo in page.photos.all():
        assert special.camera["model"] in camera_line(photo.picture.camera)
    assert page.photos.count() == len(special.pictures)


def test_who_has_a_face_has_a_profile_picture_and_the_others_initials(local, small):
    run()
    with_one = set(User.objects.exclude(avatar_large="").values_list("username", flat=True))
    assert with_one == {person.username for person in small.people if person.face} != set()
    assert all(storages["media"].exists(user.avatar_small) for user in User.objects.exclude(avatar_small=""))


def test_everyone_has_accepted_the_policy_in_force(local, small):
    run()
    assert ConsentRecord.objects.values("user").distinct().count() == len(small.people)


def test_staff_are_in_their_groups(local):
    run()
    groups = {user.username: list(user.groups.values_list("name", flat=True)) for user in User.objects.all()}
    assert groups["idris"] == ["Administrators"]
    assert groups["marta"] == ["Moderators"]
    assert groups["wren"] == ["Curators"]
    assert groups["ana"] == []


def test_posts_are_listed_and_their_pictures_served_when_it_ends(local, small):
    run()
    assert PostPage.objects.listed().count() == len(small.posts)
    for page in PostPage.objects.for_cards():
        renditions = list(page.cover.picture.renditions.all())
        assert renditions
        assert all(storages["media"].exists(rendition.public_name) for rendition in renditions)


def test_posts_are_dated_back_over_months_in_the_order_of_the_content(local, small):
    run()
    pages = list(PostPage.objects.order_by("published_at"))
    assert [page.caption for page in pages] == [post.caption for post in small.posts]
    for page, post in zip(pages, small.posts, strict=True):
        assert abs(timezone.now() - page.published_at - post.age) < timedelta(minutes=5)
        assert page.created_at == page.published_at


def test_members_joined_before_their_first_post(local):
    run()
    for page in PostPage.objects.select_related("author"):
        assert page.author.date_joined < page.published_at


def test_front_page_shows_the_curators_picks_in_order(local, small):
    run()
    captions = {post.picture: post.caption for post in small.posts}
    assert [pick.post.caption for pick in Pick.objects.current()] == [captions[picture] for picture in small.picks]
    assert {pick.curator.username for pick in Pick.objects.all()} == {small.curator}


def test_people_follow_like_talk_share_a_gallery_and_enter_a_prompt(local, small):
    run()
    members = [person.username for person in small.members]
    assert Follow.objects.filter(follower__username__in=members).count() > len(members)
    assert Like.objects.exists()
    assert PromptPage.objects.live().get().slug == small.prompt["slug"]
    pictures = {post.picture for post in small.posts}
    assert Comment.objects.filter(parent=None).count() == sum(line["picture"] in pictures for line in small.talk)
    call_command("check_counters")


def test_company_kept_twice_is_kept_once(local, small):
    run()
    people = {user.username: user for user in User.objects.all()}
    models = (Follow, Like, Comment, CommentLike, Contributor, GalleryEntry, PromptEntry)
    before = [model.objects.count() for model in models]
    keep_company(small, people)
    assert [model.objects.count() for model in models] == before


def test_prints_names_and_the_password_that_signs_them_in(local, client):
    said = run()
    assert "ana" in said
    assert "idris (administrators)" in said
    assert demo_fill.PASSWORD in said
    assert User.objects.get(username="ana").check_password(demo_fill.PASSWORD)


def test_second_run_changes_nothing_and_prints_the_names_again(local):
    run()
    before = list(PostPage.objects.order_by("pk").values_list("pk", "published_at"))
    said = run()
    assert "there already" in said
    assert "ana" in said
    assert list(PostPage.objects.order_by("pk").values_list("pk", "published_at")) == before


def test_what_people_did_to_the_demo_stays(local):
    run()
    Pick.objects.all().delete()
    gallery = GalleryPage.objects.filter(author__username="ana").earliest("pk")
    GalleryPage.objects.filter(pk=gallery.pk).update(title="Mine now")
    run()
    assert not Pick.objects.exists()
    assert GalleryPage.objects.get(pk=gallery.pk).title == "Mine now"


def test_database_with_an_account_is_left_alone(local):
    a_post(a_member("stranger"))
    assert "in use" in run()
    assert User.objects.count() == 1
    assert PostPage.objects.count() == 1


@pytest.mark.parametrize("step", ["give_face", "make_gallery", "publish", "make_picks"])
def test_interrupted_fill_is_completed_by_the_next_run(local, small, monkeypatch, step):
    real, calls = getattr(demo_fill, step), []

    def breaks_at_the_second_call(*arguments, **options):
        calls.append(arguments)
        if len(calls) == (1 if step == "make_picks" else 2):
            raise KeyboardInterrupt
        return real(*arguments, **options)

    monkeypatch.setattr(demo_fill, step, breaks_at_the_second_call)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert demo_fill.look() is demo_fill.Found.HALF_FILLED
    monkeypatch.setattr(demo_fill, step, real)
    assert "going on" in run()
    assert demo_fill.look() is demo_fill.Found.FILLED
    assert PostPage.objects.listed().count() == len(small.posts)
    assert User.objects.exclude(avatar_large="").count() == 2
    assert Pick.objects.count() == len(small.picks)


def test_post_that_was_published_but_not_processed_is_processed_by_the_next_run(local, small, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("gallery.tasks.make_renditions", lambda photo: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run()
    run()
    assert PostPage.objects.listed().count() == PostPage.objects.count() == len(small.posts)


def test_fill_that_broke_off_before_its_first_account_starts_over(local, small, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(demo_fill, "write_down", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run()
    assert demo_fill.look() is demo_fill.Found.EMPTY
    run()
    assert demo_fill.look() is demo_fill.Found.FILLED


def test_without_a_policy_the_command_says_what_to_do(local, monkeypatch):
    monkeypatch.setattr("community.models.consent.PolicyQuerySet.current", lambda self: None)
    with pytest.raises(CommandError, match="migrate"):
        run()


def test_demo_people_sign_in_at_the_sites_own_door(local, client):
    run()
    client.post("/accounts/login/", {"login": "ana", "password": demo_fill.PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get(username="ana").pk)
