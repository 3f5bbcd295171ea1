"""What the lists of posts and people show, as querysets and pages. All start at `community.visibility`."""

from django.db.models import Exists, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce

from gallery.actions.create_draft import MOST_DRAFTS
from gallery.keyset import page_in, page_of
from gallery.models import GalleryEntry, GalleryPage, Photo, PostPage, card_photos
from gallery.ordering import lists_of
from gallery.states import AuthorState, Visibility

from .actions.pin_post import MOST_PINS
from .models import Like, Pin
from .visibility import featured_for, galleries_for, listed_for, members_for, posts_for

POSTS_A_PAGE = 30
MEMBERS_A_PAGE = 12
LIKES_A_PAGE = 40
NEWEST_OF_A_MEMBER = 4
NOT_VISIBLE_SHOWN = 12  # how many of their own hidden posts an author sees on their page


# A draft that was not merely opened: it has a photo, or words.
WITH_SOMETHING = Q(Exists(Photo.objects.current().filter(post=OuterRef("pk")))) | ~Q(caption="")


def newest_posts(viewer, cursor=""):
    """One keyset page of what everyone may find, newest first, without photos (see `with_photos`). 1 query."""
    posts = featured_for(viewer).select_related("author", "gallery")
    return page_of(posts, cursor, size=POSTS_A_PAGE)


def with_photos(*lists):
    """Fetch photos, pictures and renditions for the posts of several lists at once. 2 queries for any number."""
    prefetch_related_objects([post for posts in lists for post in posts], *card_photos())


def posts_of_member(member, viewer, cursor=""):
    """One keyset page of a member's posts, without photos: what lists show `viewer`, to themselves all that is visible."""
    posts = listed_for(viewer).filter(author=member).select_related("author", "gallery")
    return page_of(posts, cursor, size=POSTS_A_PAGE)


def posts_of_gallery(gallery, viewer, cursor="", *, shared=True, size=POSTS_A_PAGE):
    """One keyset page of what stands in a gallery, in its order: its author's posts and its contributors', without photos.

    Each is there for who may see it by itself. Whoever was given the link of an unlisted gallery sees what is in it.
    `shared` False says that it has no entries. 2 queries, or 1.
    """
    posts = posts_for(viewer)
    if viewer.pk != gallery.author_id and gallery.visibility == Visibility.PUBLIC:
        posts = listed_for(viewer)
    return page_in(lists_of(gallery, posts.select_related("author", "gallery"), shared=shared), cursor, size=size)


def hidden_and_drafts_of(member):
    """What only a member sees on their own page, without photos: (hidden, drafts), two lists, newest first. 1 query.

    Hidden: posts that others cannot see now (being processed, failed, held, taken down). Drafts: those that have something
    in them. Deleted posts are left to a list of their own.
    """
    mine = PostPage.objects.of(member).exclude(author_state=AuthorState.WITHDRAWN).hidden()
    mine = mine.exclude(~WITH_SOMETHING, author_state=AuthorState.DRAFT).select_related("author", "gallery")
    # There are at most MOST_DRAFTS drafts, so none of them keeps a hidden post out.
    newest = mine.order_by("-created_at")[: MOST_DRAFTS + NOT_VISIBLE_SHOWN]
    hidden, drafts = [], []
    for post in newest:
        (drafts if post.author_state == AuthorState.DRAFT else hidden).append(post)
    return hidden[:NOT_VISIBLE_SHOWN], drafts[:NOT_VISIBLE_SHOWN]


def drafts_of(member):
    """A member's drafts that have something in them, newest first, without photos. 1 query."""
    drafts = PostPage.objects.of(member).filter(WITH_SOMETHING, author_state=AuthorState.DRAFT)
    return list(drafts.select_related("author", "gallery").order_by("-created_at")[:NOT_VISIBLE_SHOWN])


def galleries_of(member, viewer):
    """A member's open galleries with their `cover_post` (see `with_covers`), in the member's order.

    Others see those that are listed for them and have something in them; members see all of their own. Without photos;
    2 queries.
    """
    return galleries_and_pins_of(member, viewer)[0]


def galleries_and_pins_of(member, viewer):
    """(`galleries_of`, what the member pinned in their order, as far as lists show it to `viewer`), without photos.

    2 queries for both: the keys of the pinned posts come along with the galleries they stand in.
    """
    own = viewer.pk == member.pk
    galleries = GalleryPage.objects.open().filter(author=member)
    if not own:
        galleries = galleries_for(viewer).filter(author=member).exclude(visibility=Visibility.UNLISTED)
    pinned = Pin.objects.filter(user=member.pk).order_by("position", "pk").values("post")
    places = {f"pin_{n}": Subquery(pinned[n : n + 1]) for n in range(MOST_PINS)}
    galleries = list(with_cover_keys(galleries, viewer, own=own).annotate(**places).order_by("position", "pk"))
    pins = [getattr(galleries[0], name) for name in places] if galleries else []
    posts = by_key([*(gallery.cover_key for gallery in galleries), *pins], viewer)
    for gallery in galleries:
        gallery.author, gallery.cover_post = member, posts.get(gallery.cover_key)
    pins = [posts[key] for key in pins if key in posts and (own or is_listed(posts[key]))]
    return [gallery for gallery in galleries if gallery.cover_post or own], pins


def is_listed(post):
    """Whether lists show a post to whoever may see it: not what is for people with the link, by itself or its gallery."""
    return Visibility.UNLISTED not in (post.effective_visibility, post.gallery.visibility)


def with_covers(galleries, viewer, *, own=False):
    """The queryset `galleries` as a list, each with `cover_post`: the post that its author chose, where it still stands
    there and `viewer` is shown it, else the newest that they are, or None. Without photos; 2 queries.
    """
    galleries = list(with_cover_keys(galleries, viewer, own=own))
    covers = by_key([gallery.cover_key for gallery in galleries], viewer)
    for gallery in galleries:
        gallery.cover_post = covers.get(gallery.cover_key)
    return galleries


def with_cover_keys(galleries, viewer, *, own):
    """The queryset `galleries` with `cover_key`, the primary key of the post that `with_covers` shows, or None."""
    posts = posts_for(viewer) if own else listed_for(viewer)
    entered = GalleryEntry.objects.filter(gallery=OuterRef(OuterRef("pk")), post=OuterRef("pk"))
    chosen = posts.filter(Q(gallery=OuterRef("pk")) | Exists(entered), pk=OuterRef("cover_choice"))
    newest = posts.filter(gallery=OuterRef("pk")).order_by("-published_at", "-short_id")
    newest_entered = posts.filter(entries__gallery=OuterRef("pk")).order_by("-entries__published_at")
    places = (Subquery(found.values("pk")[:1]) for found in (chosen, newest, newest_entered))
    return galleries.annotate(cover_key=Coalesce(*places))


def newest_members(viewer, cursor=""):
    """One keyset page of members, who joined last first, each with `newest`: a few of their posts. 4 queries.

    Muted members and those who want not to be featured stand there without pictures.

    One subquery a place (first, second, ...): each is a step along the index of the author's posts, so the cost is the
    same however much a member has shared.
    """
    listed = featured_for(viewer).filter(author=OuterRef("pk")).order_by("-published_at", "-short_id")
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


def likers_of(post, viewer, cursor=""):
    """One keyset page of the likes of a post by members whom `viewer` may see, the newest first, each with its member."""
    likes = Like.objects.filter(post=post, user__in=members_for(viewer)).select_related("user")
    return page_of(likes, cursor, size=LIKES_A_PAGE, at="created_at", key="user__username")


def by_key(keys, viewer):
    """The posts with these primary keys (None among them is left out) that `viewer` may see, by key, without photos."""
    keys = [key for key in keys if key is not None]
    found = posts_for(viewer).filter(pk__in=keys).select_related("author", "gallery") if keys else []
    return {post.pk: post for post in found}
