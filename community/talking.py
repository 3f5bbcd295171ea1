"""What the actions on comments share: finding and locking what they change, whom a text mentions, and who is told.

Locks, in this order: the post's row, the comment that was replied to, the comment itself. The post's is shared with
whatever only refers to it (likes, notifications), and waits for acts that hide it.
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from gallery.models import PostPage

from .counters import change
from .linking import names_in
from .models import Comment, Mention, Notification, PostCounts
from .models.notifications import Kind
from .notifying import notify
from .visibility import members_for, posts_for

MOST_MENTIONS = 20  # people whom one text can mention; more are plain words


def lock_post(key):
    """Lock the row of the post with primary key `key` against acts that hide it."""
    list(PostPage.objects.select_for_update(no_key=True).filter(pk=key).values_list("pk", flat=True))


def lock_comment(comment):
    """The comment as it is now, locked with its post and the comment that it replies to; authors and post at hand."""
    lock_post(comment.post_id)
    for key in filter(None, (comment.parent_id, comment.pk)):
        list(Comment.objects.select_for_update(no_key=True).filter(pk=key).values_list("pk", flat=True))
    return Comment.objects.select_related("author", "post__author", "post__gallery", "parent").get(pk=comment.pk)


def post_seen_by(member, key):
    """The post with primary key `key`, which `member` sees as everyone does. Raises PermissionDenied where they do not."""
    post = posts_for(member).select_related("author", "gallery").filter(pk=key).first()
    if post is None:
        raise PermissionDenied(_("This post is not there any more."))
    return post


def count(comment, number):
    """Add `number` to what counts `comment` while it stands: its post's comments, and its parent's replies."""
    change(PostCounts, comment.post_id, comments=number)
    if comment.parent_id:
        change(Comment, comment.parent_id, replies=number)


def mentioned_in(text, *, by):
    """{name: member} of the members whom a text of `by` mentions and whom they may see. At most one query."""
    names = names_in(text)[:MOST_MENTIONS]
    if not names:
        return {}
    return {member.username: member for member in members_for(by).filter(username__in=names)}


def bring_mentions_in_step(post, text, *, by, comment=None):
    """Have the rows of `Mention` say whom a caption, or a comment, mentions; returns (members who are new, who are gone)."""
    people = mentioned_in(text, by=by)
    present = {m.name: m for m in Mention.objects.filter(post=post, comment=comment).select_related("user")}
    names = names_in(text)
    # Who was mentioned before stays so under the name of then, whatever they are called now.
    gone = [mention for name, mention in present.items() if name not in names]
    new = {name: user for name, user in people.items() if name not in present}
    if gone:
        Mention.objects.filter(pk__in=[mention.pk for mention in gone]).delete()
    Mention.objects.bulk_create(
        [Mention(post=post, comment=comment, name=name, user=user) for name, user in new.items()]
    )
    return list(new.values()), [mention.user for mention in gone]


def tell(comment, *, mentioned, replied_to=None):
    """Tell the people whom a new comment concerns: who was replied to, the post's author, who is mentioned."""
    concerned = [(Kind.REPLY, replied_to.author)] if replied_to else []
    concerned += [(Kind.COMMENT, comment.post.author), *((Kind.MENTION, member) for member in mentioned)]
    tell_each_once(comment, concerned, told={comment.author_id})


def tell_mentioned(comment, members):
    """Tell those of `members` that they are mentioned whom nobody told of this comment before."""
    told = set(Notification.objects.filter(comment=comment, recipient__in=members).values_list("recipient", flat=True))
    tell_each_once(comment, [(Kind.MENTION, member) for member in members], told={comment.author_id, *told})


def tell_each_once(comment, concerned, *, told):
    """Tell each of `concerned`, pairs of kind and member, unless in `told`. Nobody hears of a post that they may not see."""
    post = comment.post
    for kind, member in concerned:
        if member.pk in told:
            continue
        told.add(member.pk)
        if member.pk == post.author_id or posts_for(member).filter(pk=post.pk).exists():
            notify(kind, member, actor=comment.author, post=post, comment=comment)


def forget_all_about(comment):
    """Nobody is told any more of a comment that is gone, nor of likes of it, where they have not read it yet."""
    Notification.objects.filter(comment=comment, read_at__isnull=True).exclude(kind=Kind.MODERATION).delete()
