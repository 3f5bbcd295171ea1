"""What members say of themselves, and what they call their galleries: taken down, and brought back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community.actions.edit_profile import edit_profile
from community.actions.take_down_profile import restore_profile, take_down_profile
from community.models import User
from gallery.actions.edit_gallery import edit_gallery
from gallery.actions.take_down_gallery_name import restore_gallery_name, take_down_gallery_name
from gallery.models import GalleryPage
from tests.factories import a_gallery, a_member, a_post, a_staff_member
from tests.traces import ledger_acts, staff_acts

pytestmark = pytest.mark.django_db
WHY = "It insults people"


@pytest.fixture
def mod():
    return a_staff_member("Moderators", "marta")


@pytest.fixture
def ana():
    ana = a_member("ana")
    edit_profile(ana, biography="Dreadful words", pronouns="she", link="https://dreadful.example/")
    return User.objects.get(pk=ana.pk)


def read(client, url):
    return client.get(url).content.decode()


# --- Profiles ---------------------------------------------------------------------------------------------------------


def test_nobody_else_reads_a_profile_that_is_taken_down_until_it_is_restored(client, ana, mod):
    assert "Dreadful words" in read(client, "/members/ana/")
    take_down_profile(ana, by=mod, reason=WHY)
    page = read(client, "/members/ana/")
    assert "Dreadful" not in page and "dreadful.example" not in page
    client.force_login(ana)
    assert "Dreadful words" in read(client, "/members/ana/")  # her own
    client.logout()
    restore_profile(ana, by=mod)
    assert "Dreadful words" in read(client, "/members/ana/")


def test_whatever_its_member_writes_meanwhile_is_not_read_either(client, ana, mod):
    take_down_profile(ana, by=mod, reason=WHY)
    edit_profile(ana, biography="Worse words")
    assert "Worse words" not in read(client, "/members/ana/")


def test_profile_acts_are_told_in_the_ledger_and_on_the_members_page_in_the_console(client, ana, mod):
    client.force_login(mod)
    assert "Dreadful words" in read(client, "/admin/members/ana/")
    client.post("/admin/members/ana/profile/down/now/", {"reason": WHY})
    page = read(client, "/admin/members/ana/")
    assert WHY in page and "Take down profile" in page
    client.post("/admin/members/ana/profile/back/now/", {"reason": ""})
    assert ledger_acts("ana") == ["profile.taken_down", "profile.restored"]
    told = list(ana.notifications.order_by("pk").values_list("details__act", "details__thing"))
    assert told == [("take_down", "profile"), ("restore", "profile")]


def test_who_may_not_decide_about_a_profile_is_refused(ana, mod):
    for person in (ana, a_staff_member("Curators"), a_member()):
        with pytest.raises(PermissionDenied):
            take_down_profile(ana, by=person, reason=WHY)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        take_down_profile(mod, by=mod, reason=WHY)
    with pytest.raises(ValidationError, match="Say why"):
        take_down_profile(ana, by=mod, reason="")
    with pytest.raises(PermissionDenied, match="not taken down"):
        restore_profile(ana, by=mod)


# --- Names of galleries -----------------------------------------------------------------------------------------------


@pytest.fixture
def gallery(ana):
    return a_gallery(ana, "Dreadful name")


def called(gallery):
    return GalleryPage.objects.get(pk=gallery.pk).title


def test_a_name_that_is_taken_down_is_read_nowhere_and_the_posts_stay(client, ana, mod, gallery):
    post = a_post(ana, gallery=gallery)
    take_down_gallery_name(gallery, by=mod, reason=WHY)
    for url in ("/members/ana/", gallery.address(), post.address()):
        assert "Dreadful name" not in read(client, url) and client.get(url).status_code == 200, url
    restore_gallery_name(gallery, by=mod)
    assert "Dreadful name" in read(client, gallery.address())


def test_its_author_gives_it_another_name_and_never_that_one_again(ana, mod, gallery):
    take_down_gallery_name(gallery, by=mod, reason=WHY)
    with pytest.raises(ValidationError, match="The team took this name down"):
        edit_gallery(gallery, by=ana, name="dreadful NAME", description="")
    edit_gallery(gallery, by=ana, name="Iceland", description="")
    assert called(gallery) == "Iceland"
    restore_gallery_name(gallery, by=mod)
    assert called(gallery) == "Iceland"


def test_taken_down_twice_the_first_name_is_still_the_one_that_comes_back(mod, gallery):
    take_down_gallery_name(gallery, by=mod, reason=WHY), take_down_gallery_name(gallery, by=mod, reason="Again")
    restore_gallery_name(gallery, by=mod)
    assert called(gallery) == "Dreadful name"


def test_name_acts_are_in_the_log_in_the_ledger_and_told(client, ana, mod, gallery):
    client.force_login(mod)
    url = f"/admin/members/ana/{gallery.gallery_slug}/"
    client.post(f"{url}name/down/", {"reason": WHY})
    page = read(client, url)
    assert "Dreadful name" in page and WHY in page and f"{url}name/back/" in page
    client.post(f"{url}name/back/", {"reason": ""})
    assert staff_acts(gallery) == [("pixlpix.take_down_name", "marta"), ("pixlpix.restore_name", "marta")]
    assert ledger_acts(f"ana/{gallery.gallery_slug}")[-2:] == ["gallery.name_taken_down", "gallery.name_restored"]
    told = list(ana.notifications.order_by("pk").values_list("details__act", "details__thing"))
    assert told == [("take_down", "name"), ("restore", "name")]


def test_who_may_not_decide_about_a_name_is_refused(ana, mod, gallery):
    for person in (ana, a_staff_member("Curators")):
        with pytest.raises(PermissionDenied):
            take_down_gallery_name(gallery, by=person, reason=WHY)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        take_down_gallery_name(a_gallery(mod), by=mod, reason=WHY)
    assert called(gallery) == "Dreadful name"
