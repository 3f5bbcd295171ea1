"""Makers for tests about what members are told."""

from django.db import transaction

from community.models import Comment, CommentLike, Like
from community.models.notifications import Kind
from community.notifying import forget, notify


def likes(member, post):
    """`member` likes `post`, and its author is told in the same transaction."""
    with transaction.atomic():
        Like.objects.create(user=member, post=post)
        return notify(Kind.LIKE, post.author, actor=member, post=post)


def unlikes(member, post):
    """`member` takes their like back."""
    with transaction.atomic():
        Like.objects.filter(user=member, post=post).delete()
        forget(Kind.LIKE, post.author, actor=member, post=post)


def comments(member, post, text="What a light!"):
    """`member` comments on `post`, and its author is told."""
    comment = Comment.objects.create(post=post, author=member, text=text)
    return notify(Kind.COMMENT, post.author, actor=member, comment=comment)


def likes_comment(member, comment):
    """`member` likes `comment`, and its author is told."""
    CommentLike.objects.create(user=member, comment=comment)
    return notify(Kind.COMMENT_LIKE, comment.author, actor=member, comment=comment)
