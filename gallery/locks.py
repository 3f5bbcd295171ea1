"""Row locks, always taken in the same order, so that two acts wait for each other and never cross:
galleries by primary key, originals by primary key, then the post. An upload's row is locked alone, where it is removed.
Where a member's own row is locked (community), it comes after originals and before publications.

Whatever is joined to a locked row may be older than the row itself where the lock had to be waited for (PostgreSQL reads
only locked rows again), so it is read in a query of its own afterwards. On SQLite a transaction locks the whole file.
"""

from django.db.models import Q

from .models import GalleryPage, Original, Picture, PostPage


def lock_galleries(*keys):
    """The galleries with these primary keys as they are now, {key: GalleryPage}, locked with their rows in the tree.

    Without the page's row, a publish that waited here would read a stale `numchild`.
    """
    galleries = GalleryPage.objects.select_for_update(of=("self", "page_ptr")).select_related("author")
    return {gallery.pk: gallery for gallery in galleries.filter(pk__in=keys).order_by("pk")}


def lock_galleries_of(author):
    """All galleries of `author`, in any state, locked; {key: GalleryPage}."""
    return lock_galleries(*GalleryPage.objects.filter(author=author).values_list("pk", flat=True))


def lock_originals(*posts, also=()):
    """Lock the originals of all photos that `posts` have or had, and those with the primary keys `also`; their keys."""
    pictures = Picture.objects.filter(photo__post__in=[post.pk for post in posts])
    wanted = Q(pk__in=pictures.values("original"))
    if also:
        wanted |= Q(pk__in=also)
    return set(Original.objects.select_for_update().filter(wanted).order_by("pk").values_list("pk", flat=True))


def lock(post, *originals):
    """The post as it is now, with its author and gallery as they are now, locked with the originals of its photos.

    And with those that it is about to get: `originals`. Raises Original.DoesNotExist where one of these is gone.
    """
    wanted = {original.pk for original in originals}
    if wanted - lock_originals(post, also=wanted):
        raise Original.DoesNotExist
    list(PostPage.objects.select_for_update().filter(pk=post.pk).values_list("pk", flat=True))
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)
