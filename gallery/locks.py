"""Row locks, always taken in the same order, so that two acts wait for each other and never cross:
galleries by primary key, originals by primary key, then the post.

Whatever is joined to a locked row may be older than the row itself where the lock had to be waited for (PostgreSQL reads
only locked rows again), so it is read in a query of its own afterwards. On SQLite a transaction locks the whole file.
"""

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


def lock_originals(*posts):
    """Lock the originals of the photos of `posts`."""
    pictures = Picture.objects.filter(photo__post__in=[post.pk for post in posts])
    list(
        Original.objects.select_for_update()
        .filter(pk__in=pictures.values("original"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def lock(post):
    """The post as it is now, with its author and gallery as they are now, locked with the originals of its photos."""
    lock_originals(post)
    list(PostPage.objects.select_for_update().filter(pk=post.pk).values_list("pk", flat=True))
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)
