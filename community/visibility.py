"""Who sees what, decided in one place. Every list, page, feed, search, count, notification and stream starts here.

    posts_for          what a person can reach at its address
    listed_for         of that, what lists of its author, its gallery and the people they follow show them
    discoverable_for   of that, what is for everyone and shown where nobody asked for its author: search, explore, hashtags
    featured_for       of that, what the site itself may put forward: the front page, picks, pictures on the members page
    members_for, galleries_for, comments_for     likewise
    people_in          rows about people, such as follows, of whom the viewer may see the person
    notifications_for  of what they were told, what still holds for them

A viewer is a user, or an anonymous one. Staff see more in the console and, with a notice, on a post's page; lists treat
them like everybody. Blocks hide both sides from each other everywhere; mutes and hidden words make quiet, secretly.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from gallery.models import GalleryPage, PostPage
from gallery.states import AuthorState, TeamState, Visibility

from .models import Block, Comment, CommentLike, Follow, Like, Mute, Notification, User
from .models.comments import IN_PLACE, STANDING
from .models.notifications import Kind
from .models.users import MEMBER, Standing

# Who has the address sees it, whoever they are.
FOR_EVERYONE = (Visibility.PUBLIC, Visibility.UNLISTED)


def posts_for(viewer):
    """The posts that `viewer` may see, as a queryset to filter, order and page.

    Tests the rows of the gallery and the author as well as the post's own: an act on one of those holds at its commit,
    before the flags and the gallery's visibility have been copied to every post.
    """
    posts = PostPage.objects.visible().filter(
        author__standing=Standing.ACTIVE,
        author__is_active=True,
        gallery__author_state=AuthorState.PUBLISHED,
        gallery__team_state=TeamState.NONE,
    )
    reach = Q(effective_visibility__in=FOR_EVERYONE, gallery__visibility__in=FOR_EVERYONE)
    if not viewer.is_authenticated:
        return posts.filter(reach)
    return without_blocked(posts.filter(reach | Q(author=viewer.pk) | for_followers(viewer)), viewer, "author")


def listed_for(viewer):
    """What lists show of the posts that `viewer` may see: all but what is for people with the link. Their own, all."""
    listed = Q(effective_visibility=Visibility.PUBLIC, gallery__visibility=Visibility.PUBLIC)
    if not viewer.is_authenticated:
        return posts_for(viewer).filter(listed)
    # Spelled out once more, so that followers-only posts are looked at one by one and public ones are not.
    return posts_for(viewer).filter(listed | Q(author=viewer.pk) | for_followers(viewer))


def discoverable_for(viewer):
    """Public posts, where nobody asked for their author: without the people whom `viewer` has muted, and without what the
    team has limited. Its own author comes across that no more than others do."""
    return without_muted(posts_for(viewer).discoverable(), viewer, "author")


def featured_for(viewer):
    """What the site may put forward by itself: of what is discoverable, the posts of people who may be featured.

    Who wants not to be featured is found all the same by whoever looks for them: on the list of members (by name, without
    pictures), in search and under hashtags.
    """
    return discoverable_for(viewer).filter(author__featurable=True)


def for_followers(viewer):
    """A post for followers, whose author `viewer` follows: a condition on posts."""
    follows = Follow.objects.filter(follower=viewer.pk, followed=OuterRef("author"), accepted_at__isnull=False)
    narrow = Q(effective_visibility=Visibility.FOLLOWERS) | Q(gallery__visibility=Visibility.FOLLOWERS)
    return narrow & Exists(follows)


def members_for(viewer):
    """The members whom `viewer` may see: in good standing, with no block between them."""
    return without_blocked(User.objects.members(), viewer, "pk")


def people_in(queryset, viewer, person):
    """Of rows about people those whose person `viewer` may see, as `members_for` has it; `person` is the lookup of theirs."""
    good = {
        f"{person}__standing": Standing.ACTIVE,
        f"{person}__verified_at__isnull": False,
        f"{person}__is_active": True,
    }
    return without_blocked(queryset.filter(**good), viewer, person)


def galleries_for(viewer):
    """The galleries whose page `viewer` may open: open ones of members whom they may see, that are for them."""
    galleries = GalleryPage.objects.open().filter(
        author__standing=Standing.ACTIVE, author__is_active=True, author__verified_at__isnull=False
    )
    reach = Q(visibility__in=FOR_EVERYONE)
    if not viewer.is_authenticated:
        return galleries.filter(reach)
    follows = Follow.objects.filter(follower=viewer.pk, followed=OuterRef("author"), accepted_at__isnull=False)
    invited = Q(contributors__user=viewer.pk)
    followed = Q(visibility=Visibility.FOLLOWERS) & Exists(follows)
    found = galleries.filter(pk__in=galleries.filter(reach | Q(author=viewer.pk) | followed | invited).values("pk"))
    return without_blocked(found, viewer, "author")


def comments_for(viewer):
    """The comments that have a place in the lists that `viewer` sees; of a removed one no words may be shown.

    Whether they may see the post they stand under is for `posts_for` to say. Muted people's are left out.
    """
    comments = Comment.objects.filter(IN_PLACE).filter(~Q(author__standing=Standing.SUSPENDED))
    return without_muted(without_blocked(comments, viewer, "author"), viewer, "author")


def notifications_for(viewer):
    """What `viewer` was told, on the site or by mail, that still holds for them.

    Done by people whom they hear of (of likes: at least one such), about posts, comments and galleries that they may
    still see. The team's decisions always hold: they are about what can be seen no more.
    """
    likes = likers_for(viewer, Like.objects.filter(post=OuterRef("post"), **WITHIN_GROUP))
    likes_of_comment = likers_for(viewer, CommentLike.objects.filter(comment=OuterRef("comment"), **WITHIN_GROUP))
    heard = without_muted(members_for(viewer), viewer, "pk").filter(pk=OuterRef("actor"))
    by = (
        (Q(kind=Kind.LIKE) & Exists(likes))
        | (Q(kind=Kind.COMMENT_LIKE) & Exists(likes_of_comment))
        | (~Q(kind__in=(Kind.LIKE, Kind.COMMENT_LIKE)) & (Q(actor__isnull=True) | Exists(heard)))
    )
    post = Q(post__isnull=True) | holds(posts_for(viewer), "post")
    comment = Q(comment__isnull=True) | holds(Comment.objects.filter(STANDING), "comment")
    gallery = Q(gallery__isnull=True) | holds(galleries_for(viewer), "gallery")
    told = Notification.objects.filter(recipient=viewer.pk)
    return told.filter(Q(kind=Kind.MODERATION) | (by & post & comment & gallery))


def holds(queryset, column):
    """Whether `queryset` has the row that `column` of the outer query refers to, looked up one by one.

    Equality said alone lets PostgreSQL read the whole queryset into a hash once it expects many rows outside, however few
    are shown; an inequality beside it cannot be hashed.
    """
    return Exists(queryset.filter(pk=OuterRef(column), pk__gte=OuterRef(column)))


# The likes that one notification tells of: a lookup from a like to the notification.
WITHIN_GROUP = {"created_at__range": (OuterRef("since"), OuterRef("created_at"))}


def likers_for(viewer, likes):
    """Of `likes` (of a post or of a comment) those by members of whom `viewer` hears, and who are not the viewer."""
    members = Q(**{f"user__{lookup}": value for lookup, value in MEMBER.children})
    return without_muted(without_blocked(likes.filter(members), viewer, "user"), viewer, "user").exclude(user=viewer.pk)


def without_blocked(queryset, viewer, person):
    """`queryset` without rows of people between whom and `viewer` there is a block; `person` is the lookup of theirs."""
    if not viewer.is_authenticated:
        return queryset
    return queryset.exclude(Exists(Block.objects.filter(blocker=viewer.pk, blocked=OuterRef(person)))).exclude(
        Exists(Block.objects.filter(blocker=OuterRef(person), blocked=viewer.pk))
    )


def without_muted(queryset, viewer, person):
    """`queryset` without rows of people whom `viewer` has muted; `person` is the lookup of theirs."""
    if not viewer.is_authenticated:
        return queryset
    return queryset.exclude(Exists(Mute.objects.filter(muter=viewer.pk, muted=OuterRef(person))))


@dataclass(frozen=True)
class Relation:
    """How a viewer stands to another member."""

    follows: bool = False
    requested: bool = False  # asked to follow, without an answer yet
    followed_by: bool = False
    blocks: bool = False
    blocked_by: bool = False
    mutes: bool = False

    @property
    def is_blocked(self):
        """Neither sees the other, whoever of the two wanted it."""
        return self.blocks or self.blocked_by


def relation(viewer, member):
    """The Relation of `viewer` (who may be anonymous) to `member`. One query, none for a visitor or oneself."""
    if not viewer.is_authenticated or viewer.pk == member.pk:
        return Relation()
    follow = Follow.objects.filter(follower=viewer.pk, followed=member.pk)
    found = (
        User.objects.filter(pk=member.pk)
        .annotate(
            follows=Exists(follow.filter(accepted_at__isnull=False)),
            requested=Exists(follow.filter(accepted_at__isnull=True)),
            followed_by=Exists(
                Follow.objects.filter(follower=member.pk, followed=viewer.pk, accepted_at__isnull=False)
            ),
            blocks_them=Exists(Block.objects.filter(blocker=viewer.pk, blocked=member.pk)),
            blocked=Exists(Block.objects.filter(blocker=member.pk, blocked=viewer.pk)),
            mutes_them=Exists(Mute.objects.filter(muter=viewer.pk, muted=member.pk)),
        )
        .values_list("follows", "requested", "followed_by", "blocks_them", "blocked", "mutes_them")
        .get()
    )
    return Relation(*found)
