"""What the lists of posts and people show, as querysets and pages. All start at `community.visibility`."""

from django.db.models import OuterRef, Subquery, prefetch_related_objects

from gallery.keyset import page_of
from gallery.models import GalleryPage, PostPage, card_photos
from gallery.states import AuthorState, Visibility

from .visibility import members_for, posts_for

POSTS_A_PAGE = 30
MEMBERS_A_PAGE = 12
NEWEST_OF_A_MEMBER = 4
NOT_VISIBLE_SHOWN = 12  # how many of their own hidden posts an author sees on their page


def newest_posts(viewer, cursor=""):
    """One keyset page of everything listed, newest first, without photos (see `with_photos`). 1 query."""
    posts = posts_for(viewer).listed().select_related("author", "gallery")
    return page_of(posts, cursor, size=POSTS_A_PAGE)


def with_photos(*lists):
    """Fetch photos, pictures and renditions for the posts of several lists at once. 2 queries for any number."""
    prefetch_related_objects([post for posts in lists for post in posts], *card_photos())


def posts_of_member(member, viewer, cursor=""):
    """One keyset page of a member's posts, without photos: what is listed, and for themselves what has only a link."""
    posts = posts_for(viewer).filter(author=member).select_related("author", "gallery")
    if viewer.pk != member.pk:
        posts = posts.listed()
    return page_of(posts, cursor, size=POSTS_A_PAGE)


def posts_of_gallery(gallery, viewer, cursor=""):
    """One keyset page of a gallery's posts. Whoever was given the link of an unlisted gallery sees what is in it."""
    posts = posts_for(viewer).filter(gallery=gallery)
    if viewer.pk != gallery.author_id and gallery.visibility == Visibility.PUBLIC:
        posts = posts.listed()
    return page_of(posts.for_cards(), cursor, size=POSTS_A_PAGE)


def hidden_from_others(member):
    """A member's own posts that others cannot see now (being processed, failed, held, taken down), newest first,
    without photos. Deleted ones are left to the list of deleted posts.
    """
    return list(
        PostPage.objects.of(member)
        .exclude(author_state=AuthorState.WITHDRAWN)
        .hidden()
        .select_related("author", "gallery")
        .order_by("-created_at")[:NOT_VISIBLE_SHOWN]
    )


def galleries_of(member, viewer):
    """A member's open galleries with `cover_post` (the newest post that `viewer` may see there, or None), in their order.

    Others see public galleries that have something in them; members see all of their own. Without photos; 2 queries.
    """
    galleries = GalleryPage.objects.open().filter(author=member)
    posts = posts_for(viewer)
    if viewer.pk != member.pk:
        galleries, posts = galleries.filter(visibility=Visibility.PUBLIC), posts.listed()
    newest = posts.filter(gallery=OuterRef("pk")).order_by("-published_at", "-short_id").values("pk")[:1]
    galleries = list(galleries.annotate(cover_key=Subquery(newest)).order_by("position", "pk"))
    covers = by_key([gallery.cover_key for gallery in galleries], viewer)
    for gallery in galleries:
        gallery.author = member
        gallery.cover_post = covers.get(gallery.cover_key)
    return [gallery for gallery in galleries if gallery.cover_post or viewer.pk == member.pk]


def newest_members(viewer, cursor=""):
    """One keyset page of members, who joined last first, each with `newest`: a few of their listed posts. 4 queries.

    One subquery a place (first, second, ...): each is a step along the index of the author's posts, so the cost is the
    same however much a member has shared.
    """
    listed = posts_for(viewer).listed().filter(author=OuterRef("pk")).order_by("-published_at", "-short_id")
    places = {f"newest_{n}": Subquery(listed.values("pk")[n : n + 1]) for n in range(NEWEST_OF_A_MEMBER)}
    page = page_of(
        members_for(viewer).annotate(**places), cursor, size=MEMBERS_A_PAGE, at="date_joined", key="username"
    )
    posts = by_key([getattr(member, name) for member in page for name in places], viewer)
    with_photos(posts.values())
    for member in page:
        keys = [getattr(member, name) for name in places]
        member.newest = [posts[key] for key in keys if key in posts]
    return page


def by_key(keys, viewer):
    """The posts with these primary keys (None among them is left out) that `viewer` may see, by key, without photos."""
    keys = [key for key in keys if key is not None]
    found = posts_for(viewer).filter(pk__in=keys).select_related("author", "gallery") if keys else []
    return {post.pk: post for post in found}
