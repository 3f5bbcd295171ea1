"""What people see of a conversation: a page of comments with the first replies to each, or one comment with all its replies.

A conversation costs at most two queries, whatever its length: comments with their authors, whom they mention, the viewer's
likes and the keys of their first replies; and those replies. A post that nobody commented on costs one, and another one
where its caption mentions somebody.
"""

from dataclasses import dataclass, field

from django.db.models import Aggregate, Exists, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Concat

from gallery.keyset import Page, decode, encode, page_of

from . import permissions
from .hidden_words import hides, needles_of
from .models import Comment, CommentLike, Mention, PostCounts, Profile
from .models.comments import STANDING, RemovedBy
from .models.users import Standing
from .visibility import comments_for, members_for

COMMENTS_A_PAGE = 20
FIRST_REPLIES = 3
REPLIES_A_PAGE = 50
NEWEST, TOP = "newest", "top"


@dataclass
class Shown:
    """A comment as a page shows it."""

    comment: Comment
    text: str  # empty where its words may not be shown
    people: dict  # {name as mentioned: present username}
    removed_by: str = ""  # whose decision stands in its place: a value of RemovedBy
    liked: bool = False
    folded: bool = False
    is_former: bool = False  # its author left
    may_edit: bool = False
    may_remove: bool = False
    replies: list = field(default_factory=list)
    more_replies: bool = False


@dataclass
class Conversation:
    """A page of a conversation."""

    comments: list
    next: str
    count: int  # of all comments on the post that stand
    order: str
    caption_people: dict


def conversation_of(post, viewer, *, order=NEWEST, cursor="", caption=False):
    """One page of the comments on `post`, each with its first replies; `caption` asks for whom the caption mentions, too."""
    roots = readable(viewer).filter(post=post, parent__isnull=True)
    answers = comments_for(viewer).filter(STANDING, parent=OuterRef("pk")).order_by("created_at", "key").values("pk")
    places = {f"reply_{n}": Subquery(answers[n : n + 1]) for n in range(FIRST_REPLIES + 1)}
    total = Subquery(PostCounts.objects.filter(post=post).values("comments")[:1])
    words = Subquery(Profile.objects.filter(user=viewer.pk).values("hidden_words")[:1])
    named = mentions_for(viewer, post=post, comment__isnull=True) if caption and "@" in post.caption else Value("")
    words = words if viewer.is_authenticated else Value("")
    roots = roots.annotate(**places, total=total, words=words, in_caption=named)
    page = top_page(roots, cursor) if order == TOP else newest_page(roots, cursor)
    keys = [key for root in page for n in range(FIRST_REPLIES) if (key := getattr(root, f"reply_{n}"))]
    replies = {reply.pk: reply for reply in readable(viewer).filter(pk__in=keys)} if keys else {}
    first = page.items[0] if page.items else None
    show = Showing(post, viewer, first.words if first else "")
    shown = []
    for root in page:
        one = show(root)
        theirs = [getattr(root, f"reply_{n}") for n in range(FIRST_REPLIES)]
        one.replies = [show(replies[key]) for key in theirs if key in replies]
        one.more_replies = getattr(root, f"reply_{FIRST_REPLIES}") is not None
        shown.append(one)
    total = (first.total or 0) if first else 0
    return Conversation(shown, page.next, total, order, people_of(in_caption(post, viewer, first) if caption else ""))


def in_caption(post, viewer, first):
    """Whom the caption of `post` mentions, as `mentions_for`: the first comment on the page knows, where there is one."""
    if "@" not in post.caption:
        return ""
    if first is not None:
        return first.in_caption
    alone = type(post).objects.filter(pk=post.pk).annotate(people=mentions_for(viewer, post=post, comment__isnull=True))
    return alone.values_list("people", flat=True).first()


def thread_of(root, post, viewer, *, cursor="", first=None):
    """(a comment as Shown with one page of the replies to it, oldest first, and the cursor of the next page).

    The page begins behind `cursor`, or with the reply `first`.
    """
    replies = readable(viewer).filter(STANDING, parent=root)
    place = decode(cursor) if cursor else None
    if first is not None and not place:
        at, key = first.created_at, first.key
        replies = replies.filter(Q(created_at__gt=at) | Q(created_at=at, key__gte=key), created_at__gte=at)
    if place:
        at, key = place
        replies = replies.filter(Q(created_at__gt=at) | Q(created_at=at, key__gt=key), created_at__gte=at)
    items = list(replies.order_by("created_at", "key")[: REPLIES_A_PAGE + 1])
    more, items = len(items) > REPLIES_A_PAGE, items[:REPLIES_A_PAGE]
    words = Profile.objects.filter(user=viewer.pk).values_list("hidden_words", flat=True).first() if viewer.pk else ""
    show = Showing(post, viewer, words)
    shown = show(root)
    shown.replies = [show(reply) for reply in items]
    return shown, encode(items[-1].created_at, items[-1].key) if more else ""


def one_of(key, post, viewer):
    """The comment with this key on `post` that `viewer` sees, with what `Showing` needs, or None. One query."""
    return readable(viewer).select_related("parent").filter(post=post, key=key).first()


def readable(viewer):
    """The comments that have a place for `viewer`, with their authors, whom they mention, and whether `viewer` likes them."""
    liked = Exists(CommentLike.objects.filter(user=viewer.pk, comment=OuterRef("pk")))
    comments = comments_for(viewer).select_related("author")
    return comments.annotate(
        liked=liked if viewer.pk else Value(False), named=mentions_for(viewer, comment=OuterRef("pk"))
    )


def newest_page(roots, cursor):
    return page_of(roots, cursor, size=COMMENTS_A_PAGE, at="created_at", key="key")


def top_page(roots, cursor):
    """A page of comments by likes, those with the same number newest key first; as keyset.page_of."""
    likes, _dash, key = cursor.partition("-")
    if likes.isdecimal() and likes.isascii() and len(likes) < 10 and key and "\0" not in key:
        roots = roots.filter(Q(likes__lt=int(likes)) | Q(likes=int(likes), key__lt=key), likes__lte=int(likes))
    items = list(roots.order_by("-likes", "-key")[: COMMENTS_A_PAGE + 1])
    more, items = len(items) > COMMENTS_A_PAGE, items[:COMMENTS_A_PAGE]
    return Page(items, f"{items[-1].likes}-{items[-1].key}" if more else "")


class Joined(Aggregate):
    """Strings of a group in one, with spaces between them."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ' ')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def mentions_for(viewer, **of):
    """Of the members mentioned in a text (a lookup of Mention), those whom `viewer` may see: "name>present username ..." """
    seen = Mention.objects.filter(**of, user__in=members_for(viewer).values("pk")).order_by().values("post")
    names = Joined(Concat("name", Value(">"), "user__username", output_field=TextField()))
    return Subquery(seen.annotate(people=names).values("people")[:1])


def people_of(names):
    """The {name: present username} that `mentions_for` found."""
    return dict(pair.split(">") for pair in (names or "").split())


class Showing:
    """Makes Shown of comments, for one viewer of one post."""

    def __init__(self, post, viewer, words):
        self.post, self.viewer, self.words = post, viewer, needles_of(words or "")

    def __call__(self, comment):
        comment.post = self.post
        removed_by = comment.removed_by or ("" if comment.is_standing else RemovedBy.TEAM)
        text = "" if removed_by else comment.text
        return Shown(
            comment,
            text,
            people_of(comment.named),
            removed_by,
            liked=comment.liked,
            folded=comment.author_id != self.viewer.pk and hides(self.words, text),
            is_former=comment.author.standing == Standing.LEFT,
            may_edit=permissions.may_edit_comment(self.viewer, comment),
            may_remove=not removed_by and permissions.may_remove_comment(self.viewer, comment),
        )
