"""What the demo shows: enough of it, complete, varied, and the same on every machine."""

import itertools
import unicodedata
from collections import Counter
from datetime import timedelta

import pytest

from community.names import skeleton, username_validator, validate_not_reserved
from gallery.words import clean_gallery_name
from pixlpix.demo.art import KINDS
from pixlpix.demo.content import FIRST_GALLERY, load


@pytest.fixture(scope="module")
def content():
    return load()


def scripts_in(text):
    """The scripts of a text's letters, by the first word of their Unicode names: LATIN, ARABIC, CJK, HIRAGANA."""
    return {unicodedata.name(character, "?").split()[0] for character in text if character.isalpha()}


def test_there_are_at_least_eight_members_twenty_galleries_and_eighty_posts(content):
    assert len(content.members) >= 8
    assert sum(len(person.galleries) for person in content.people) >= 20
    assert len(content.posts) >= 80


def test_staff_are_an_administrator_a_moderator_and_a_curator(content):
    assert sorted(person.group for person in content.staff) == ["Administrators", "Curators", "Moderators"]


def test_usernames_are_ones_that_the_site_accepts_and_none_looks_like_another(content):
    for person in content.people:
        username_validator(person.username)
        validate_not_reserved(person.username)
    looks = Counter(skeleton(person.username) for person in content.people)
    assert looks.most_common(1)[0][1] == 1


def test_galleries_begin_with_the_one_that_comes_with_the_account(content):
    for person in content.people:
        if person.galleries:
            assert person.galleries[0].name == FIRST_GALLERY
    assert all(
        clean_gallery_name(gallery.name) == gallery.name for person in content.people for gallery in person.galleries
    )


def test_some_people_have_a_profile_picture_and_some_are_initials(content):
    faces = [person.face for person in content.people if person.face]
    assert len(faces) == len(set(faces)) and 4 <= len(faces) < len(content.people) - 2
    assert all(face.split()[0] in KINDS and int(face.split()[1]) >= 0 for face in faces)


def test_every_gallery_has_a_post(content):
    with_posts = {(post.author, post.gallery) for post in content.posts}
    assert with_posts == {(person.username, gallery.name) for person in content.people for gallery in person.galleries}


def test_every_post_has_a_caption_and_an_alternative_text_of_its_own(content):
    assert all(post.caption.strip() for post in content.posts)
    texts = [picture.alt_text for post in content.posts for picture in post.pictures]
    assert all(30 <= len(text) <= 300 for text in texts)
    assert len(set(texts)) == len(texts)


def test_nobody_posts_the_same_caption_twice(content):
    captions = Counter((post.author, post.gallery, post.caption) for post in content.posts)
    assert captions.most_common(1)[0][1] == 1


def test_every_kind_of_picture_is_shown_and_no_picture_twice(content):
    assert {post.kind for post in content.posts} == set(KINDS)
    pictures = [picture.picture for post in content.posts for picture in post.pictures]
    assert len(set(pictures)) == len(pictures)


def test_first_run_shows_posts_of_many_photos_a_sensitive_one_a_camera_and_a_download(content):
    assert sum(len(post.pictures) > 1 for post in content.posts) >= 3
    assert [post.sensitive for post in content.posts if post.sensitive] == ["Shows a dead animal"]
    assert any(post.camera for post in content.posts) and any(post.allow_download for post in content.posts)


def test_shapes_are_landscape_portrait_square_and_panorama(content):
    ratios = [post.width / post.height for post in content.posts]
    assert sum(ratio > 2 for ratio in ratios) >= 5
    assert sum(1.2 < ratio <= 2 for ratio in ratios) >= 15
    assert sum(ratio == 1 for ratio in ratios) >= 10
    assert sum(ratio < 0.9 for ratio in ratios) >= 10


def test_captions_are_in_six_scripts_some_with_hashtags_and_differ_in_length(content):
    captions = [post.caption for post in content.posts]
    assert {"LATIN", "ARABIC", "CJK", "HIRAGANA"} <= set().union(*map(scripts_in, captions))
    assert any("ß" in caption for caption in captions)
    assert any(unicodedata.category(character) == "So" for caption in captions for character in caption)
    assert sum("#" in caption for caption in captions) >= 30
    assert min(map(len, captions)) < 20
    assert max(map(len, captions)) > 100


def test_posts_come_in_the_order_of_publication_over_the_last_months(content):
    ages = [post.age for post in content.posts]
    assert ages == sorted(ages, reverse=True)
    assert len(set(ages)) == len(ages)
    assert ages[0] > timedelta(days=90)
    assert timedelta(0) < ages[-1] < timedelta(days=1)


def test_newest_posts_are_by_different_people_and_show_different_things(content):
    newest = content.posts[-12:]
    assert len({post.author for post in newest}) >= 6
    assert all(one.kind != other.kind for one, other in itertools.pairwise(newest))


def test_picks_name_posts_and_a_curator_of_the_demo(content):
    assert {post.picture for post in content.posts} >= set(content.picks)
    assert len(content.picks) >= 6
    assert content.curator in {person.username for person in content.staff if person.group == "Curators"}


def test_loading_twice_gives_the_same(content):
    assert load() == content


def test_who_talks_shares_and_enters_is_there_and_so_is_what_it_is_about(content):
    names = {person.username for person in content.people}
    authors = {post.picture: post.author for post in content.posts}
    for line in content.talk:
        said = {line["by"], *line.get("likes", ()), *(answer["by"] for answer in line.get("replies", ()))}
        assert said <= names and line["picture"] in authors, line
    assert all(authors[picture] for picture in content.prompt["entries"])
    owner = next(person for person in content.people if person.username == content.shared["owner"])
    assert content.shared["gallery"] in {gallery.name for gallery in owner.galleries}
    for name, pictures in content.shared["contributors"].items():
        assert {authors[picture] for picture in pictures} == {name}
