"""Background work. Tasks get nothing but a key and re-derive what is to be done from the domain's rows, so that running
one twice changes nothing and a killed worker loses nothing but time: the sweeper queues again what is overdue."""

from django_tasks import task

from . import bans, imaging, look_alikes, processing
from .models import GalleryPage, Photo, PostPage
from .photo_publication import show_photo
from .states import AuthorState


@task()
def process_photo(photo_id):
    """Make the renditions of one photo and show it: with its post, when it was the last one waited for, or in it."""
    photo = Photo.objects.select_related("picture__original", "post").filter(pk=photo_id).first()
    if photo is not None:
        make_renditions(photo)


processing.register("photos", Photo, process_photo)


def make_renditions(photo):
    processing.process(photo, imaging.render, then=look_and_show)


def look_and_show(photo):
    bans.look_at(photo)
    show_photo(photo)


@task()
def find_banned_look_alikes():
    """Find public posts that look like what was banned; what one reading leaves, the next takes."""
    if look_alikes.look_for_banned():
        find_banned_look_alikes.enqueue()


@task()
def purge_cdn():
    """Have the CDN forget what was withdrawn: as much as its limits allow now."""
    from .purging import purge_due

    purge_due()


@task()
def follow_gallery(gallery_id):
    """Copy a gallery's state to its posts: their flag, their `live`, and their files on the media host."""
    from .flags import follow

    follow(PostPage.objects.filter(gallery=gallery_id))


@task()
def withdraw_rest_of_gallery(gallery_id):
    """Withdraw what a deleted gallery still has: its row hides it already, this makes each post say so."""
    from .actions.delete_gallery import withdraw_posts_of

    gallery = GalleryPage.objects.select_related("author").filter(pk=gallery_id).first()
    if gallery is not None and gallery.author_state == AuthorState.WITHDRAWN:
        withdraw_posts_of(gallery)


@task()
def empty_gallery(gallery_id, target_id):
    """Move what a large gallery still has to another one and close it. Killed half-way, its author deletes it again."""
    from .actions.delete_gallery import close_when_empty, move_posts

    galleries = GalleryPage.objects.select_related("author").in_bulk([gallery_id, target_id])
    gallery, target = galleries[gallery_id], galleries[target_id]
    move_posts(gallery, target, by=gallery.author)
    close_when_empty(gallery, target, by=gallery.author)
