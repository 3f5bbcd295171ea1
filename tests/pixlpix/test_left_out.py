"""What Wagtail would bring along and this site does without, and settings that stand against what Wagtail does."""

import importlib

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.core.management import call_command
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from wagtail import hooks
from wagtail.models import Collection, ReferenceIndex

from community.models import ConsentRecord
from gallery.models import MemberAct, Original, Photo, Picture, PostPage, Rendition
from tests import factories as f
from tests.traces import public_files


@pytest.mark.parametrize(
    "app", ["wagtail.documents", "wagtail.embeds", "wagtail.contrib.redirects", "wagtail.contrib.sitemaps"]
)
def test_apps_that_would_serve_or_ask_on_their_own_are_not_installed(app):
    """Documents serve uploads, embeds ask third parties, redirects walk all descendants, the sitemap lists what is not
    listed."""
    assert not apps.is_installed(app)


def test_the_site_is_sound_without_them():
    call_command("check")


@pytest.mark.parametrize("address", ["/documents/1/a.pdf", "/images/abc/1/original/", "/django-admin/"])
def test_no_address_of_theirs_is_mounted(address):
    """Wagtail's view of generated addresses renders any picture, for ever."""
    try:
        found = resolve(address)
    except Resolver404:
        return
    assert found.url_name == "wagtail_serve", "only Wagtail's walk down the tree, which finds no such page"


@pytest.mark.parametrize("name", ["wagtailimages_serve", "wagtaildocs_serve"])
def test_no_view_that_serves_files_can_be_named(name):
    with pytest.raises(NoReverseMatch):
        reverse(name, args=["signature", 1, "original"])


def test_the_one_sitemap_is_ours():
    """Wagtail's lists every live page, those that only have a link too, and counts them."""
    modules = {view.__module__ for view in get_resolver().reverse_dict if callable(view)}
    assert resolve("/sitemap.xml").func.__module__ == "home.views.sitemap"
    assert not [module for module in modules if module.startswith("wagtail.contrib")]


# --- Renditions and the queue -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_address_that_died_is_not_handed_out_from_a_cache():
    """Wagtail keeps renditions under keys without their own id, a copy in each process."""
    picture = f.a_post().photos.get().picture
    row = picture.renditions.first()
    row.image = picture
    Rendition.cache_backend.set("a-rendition", row)
    assert Rendition.cache_backend.get("a-rendition") is None


def test_tasks_wait_in_the_sites_own_database():
    """Wagtail enqueues inside transactions: a queue elsewhere would start tasks before what they are about is committed."""
    module = importlib.import_module("pixlpix.settings")
    assert module.TASKS["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend"


@pytest.mark.parametrize("model", [PostPage, Picture, Original, MemberAct, ConsentRecord])
def test_what_members_write_stands_in_no_index_of_references(model):
    """Each row of an indexed model queues a task; models listed in the admin are indexed unless they say no."""
    hooks.get_hooks("register_admin_urls")  # loads what apps register in the admin
    assert model not in ReferenceIndex.tracked_models


# --- Collections ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_deleting_a_collection_never_takes_a_members_picture_along():
    """Wagtail's pictures go with their collection, whatever shows them."""
    post = f.a_post()
    photo = Photo.objects.select_related("picture").get(post=post)
    collection = Collection.get_first_root_node().add_child(name="Spring")
    type(photo.picture).objects.filter(pk=photo.picture_id).update(collection=collection)
    files = public_files()
    with pytest.raises(Exception, match="protected"):
        collection.delete()
    assert PostPage.objects.get(pk=post.pk).is_visible
    assert Photo.objects.filter(pk=photo.pk, picture__isnull=False).exists()
    assert public_files() == files
    assert storages["vault"].exists(photo.picture.file.name)
