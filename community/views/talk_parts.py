"""What conversation adds to the page of a post, and what its own pages show alike."""

from urllib.parse import urlencode

from django.urls import reverse

from .. import permissions
from ..conversation import NEWEST, TOP, conversation_of
from ..forms_talk import CommentForm
from ..visibility import posts_for


def order_of(request):
    """How the comments are ordered: ?comments=top, or the newest first."""
    return TOP if request.GET.get("comments") == TOP else NEWEST


def part_of_post(request, post):
    """The first page of the comments on `post`, and the form for another one. At most two queries."""
    talk = conversation_of(post, request.user, order=order_of(request), caption=True)
    return context_of(request, post, talk)


def context_of(request, post, talk, form=None):
    """What `partials/conversation.html` shows: a page of a conversation, and the form where `viewer` may comment."""
    if form is None and may_write(request.user, post):
        form = CommentForm()
    query = urlencode({"comments": talk.order, "after": talk.next})
    return {
        "talk": talk,
        "talk_form": form,
        "talk_next": f"{reverse('comments', args=[post.short_id])}?{query}" if talk.next else "",
    }


def may_write(viewer, post):
    """Whether the form for a comment is offered: `viewer` may comment, and sees the post as everyone does."""
    if not permissions.may_comment(viewer, post) or not post.is_visible:
        return False
    # Its author aside, only staff see it otherwise.
    if post.author_id == viewer.pk or not permissions.may_enter_console(viewer):
        return True
    return posts_for(viewer).filter(pk=post.pk).exists()
