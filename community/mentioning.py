"""Whom captions mention: the rows follow the caption, and who is mentioned is told once they can see the post.

Gallery knows nothing of this: it says that a caption changed, and Django that a post was saved. Every way in which a post
comes into reach saves it: the scheduler, restoring, lifting a suspension, a gallery that is widened, each post of many in
its turn. Who becomes a follower later is told of nothing old, unless the post is changed then.
"""

from django.db.models.signals import post_save
from django.utils import timezone

from gallery.captions import caption_changed
from gallery.models import PostPage

from .models import Mention, Notification
from .models.notifications import Kind
from .notifying import forget, notify
from .talking import bring_mentions_in_step
from .visibility import posts_for


def connect():
    """Listen to gallery. Called once, when the apps are ready."""
    caption_changed.connect(keep_mentions, dispatch_uid="community.mentioning")
    post_save.connect(tell_when_seen, sender=PostPage, dispatch_uid="community.mentioning")


def keep_mentions(sender, post, new, **kwargs):
    """Sent by gallery in the transaction that changes a caption."""
    if new and "@" not in post.caption:
        return
    _new, gone = bring_mentions_in_step(post, post.caption, by=post.author)
    still = set(Mention.objects.filter(post=post, comment__isnull=True).values_list("user", flat=True)) if gone else ()
    for member in gone:
        if member.pk in still:  # by another name that they had or have
            continue
        forget(Kind.MENTION, member, actor=post.author, post=post, comment=None)


def tell_when_seen(sender, instance, raw=False, **kwargs):
    """Sent by Django whenever a post was saved: tell those who are mentioned and were not told, once they can see it."""
    if raw or "@" not in instance.caption or not instance.is_visible:
        return
    waiting = Mention.objects.filter(post=instance.pk, comment__isnull=True, told_at__isnull=True).select_related(
        "user"
    )
    for mention in waiting:
        if posts_for(mention.user).filter(pk=instance.pk).exists():
            tell_once(mention, instance)


def tell_once(mention, post):
    """Tell who is mentioned, unless they were told of this post before: under another name, or before the caption changed."""
    same = {"post": post.pk, "comment__isnull": True}
    before = (
        Mention.objects.filter(user=mention.user, told_at__isnull=False, **same).exists()
        or Notification.objects.filter(recipient=mention.user, kind=Kind.MENTION, **same).exists()
    )
    # Of two saves at once the second one finds nothing to update.
    claimed = Mention.objects.filter(pk=mention.pk, told_at__isnull=True).update(told_at=timezone.now())
    if claimed and not before:
        notify(Kind.MENTION, mention.user, actor=post.author, post=post)
