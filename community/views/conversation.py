"""Conversation under a post: its pages, one comment with its replies, and writing, changing, removing and liking them.

Every one of them answers plainly, by a page or a redirect, and for htmx by the part of the page that changes.
"""

from functools import wraps
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .. import permissions
from ..actions.add_comment import add_comment
from ..actions.edit_comment import edit_comment
from ..actions.like_comment import like_comment, unlike_comment
from ..actions.remove_comment import remove_comment
from ..conversation import conversation_of, one_of, thread_of
from ..forms_talk import CommentForm
from ..models import Comment, PostCounts
from ..site import absolute
from ..visibility import posts_for
from .guards import without_nul
from .posts import Gone, find_post, gone
from .talk_parts import context_of, may_write, order_of


def on_post(view):
    """Decorator: the view gets the post that the viewer may see instead of its short id; who may not, 404 or 410."""

    @without_nul
    @wraps(view)
    def found(request, short_id, **kwargs):
        post = posts_for(request.user).select_related("author", "gallery").filter(short_id=short_id).first()
        try:
            post = post or find_post(request.user, short_id)[0]
        except Gone:
            return gone(request)
        return view(request, post, **kwargs)

    return found


def on_comment(view):
    """Decorator, below `on_post`: the view gets the comment that the viewer sees instead of its key."""

    @wraps(view)
    def found(request, post, key):
        comment = one_of(key, post, request.user)
        if comment is None:
            raise Http404
        comment.post = post
        return view(request, post, comment)

    return found


def answer(request, template, context, status=200):
    """A part for htmx, which takes none with an error's status; a page otherwise."""
    response = render(request, template, context, status=200 if request.htmx else status)
    patch_vary_headers(response, ["HX-Request"])
    return response


# --- Reading ----------------------------------------------------------------------------------------------------------


def comments(request, short_id):
    """/p/<short id>/comments/: GET shows a page of the conversation, POST adds a comment."""
    return (write if request.method == "POST" else read)(request, short_id=short_id)


@on_post
def read(request, post):
    return show_conversation(request, post)


def show_conversation(request, post, form=None, status=200, said=""):
    """A page of the conversation. For htmx the next comments alone, or the whole part where that was asked for."""
    cursor = request.GET.get("after", "")
    talk = conversation_of(post, request.user, order=order_of(request), cursor=cursor)
    context = {"post": post, "said": said, **context_of(request, post, talk, form)}
    template = "community/conversation.html"
    if request.htmx:
        whole = request.htmx.target == "conversation"
        template = f"community/partials/{'conversation' if whole else 'comments_more'}.html"
    return answer(request, template, context, status)


@on_post
@on_comment
def comment(request, post, comment):
    """/p/<short id>/comments/<key>/: one comment with the replies to it, oldest first; from a reply on, where it is one."""
    return show_thread(request, post, comment)


def show_thread(request, post, comment, *, new=""):
    """A comment with its replies; `new` is the key of what has just been said or changed."""
    if comment.parent_id:
        root = one_of(comment.parent.key, post, request.user)
        if root is None:
            raise Http404
    else:
        root = comment
    # In a long one, what was asked for comes first, and what stands before it is one link away.
    before = bool(comment.parent_id) and not new and root.replies > 20
    cursor = request.GET.get("after", "")
    shown, following = thread_of(root, post, request.user, cursor=cursor, first=comment if before else None)
    url = reverse("comment", args=[post.short_id, root.key])
    context = {
        "post": post,
        "item": shown,
        "before_url": url if before else "",
        "next_url": f"{url}?{urlencode({'after': following})}" if following else "",
        "list_id": f"replies-{root.key}",
        "may_write": may_write(request.user, post),
        "new": new,
        "canonical": absolute(url),
        "count": count_of(post) if new else None,
    }
    template = "community/comment.html"
    if request.htmx:
        template = f"community/partials/{'replies_more' if cursor else 'thread'}.html"
    response = answer(request, template, context)
    if new and request.htmx:
        # The form that was sent stands in the middle of what is replaced.
        response["HX-Retarget"], response["HX-Reswap"] = f"#t-{root.key}", "outerHTML"
    return response


def count_of(post):
    return PostCounts.objects.filter(post=post).values_list("comments", flat=True).first() or 0


# --- Writing ----------------------------------------------------------------------------------------------------------


def submit(request, form, act):
    """Have `act(text)` do what a valid form asks for; returns (what it returned or None, an HTTP status).

    Where it refuses, or too much was written lately, the form says so and keeps what was typed.
    """
    form.is_valid()
    if not ratelimit.consume(request, action="comment"):
        form.add_error("text", _("That was a lot at once. Please wait a little, then send it again."))
        return None, 429
    try:
        return act(form.cleaned_data["text"]), 200
    except ValidationError as refusal:
        form.add_error("text", refusal.messages)
        return None, 422


@never_cache
@login_required
@on_post
def write(request, post):
    form = CommentForm(request.POST)
    added, status = submit(request, form, lambda text: add_comment(post, text, by=request.user))
    if added is None:
        return show_conversation(request, post, form, status)
    if request.htmx:
        return show_conversation(request, post, said=_("Your comment is there."))
    return redirect(f"{post.address()}#c-{added.key}")


@never_cache
@login_required
@on_post
@on_comment
def reply(request, post, comment):
    """/p/<short id>/comments/<key>/reply/: GET shows the form, POST adds the reply."""
    if request.method != "POST":
        if not may_write(request.user, post):
            raise PermissionDenied(_("You cannot comment here."))
        # A reply to a reply stands beside it: it begins by saying whom it means.
        name = f"@{comment.author.username} " if comment.parent_id and comment.author_id != request.user.pk else ""
        return show_form(request, post, comment, CommentForm(initial={"text": name}, auto_id=id_of(comment)))
    form = CommentForm(request.POST, auto_id=id_of(comment))
    added, status = submit(request, form, lambda text: add_comment(post, text, by=request.user, reply_to=comment))
    if added is None:
        return show_form(request, post, comment, form, status)
    if request.htmx:
        return show_thread(request, post, comment, new=added.key)
    added.post = post
    return redirect(added.address())


def id_of(comment):
    """How the fields of a form about `comment` are named: there can be several on a page."""
    return f"at-{comment.key}-%s"


def show_form(request, post, comment, form, status=200, *, editing=False):
    """The form for a reply to `comment`, or for its own words: a part for htmx, else a page."""
    form.fields["text"].widget.attrs["autofocus"] = True
    root = comment.parent or comment
    template = "community/partials/comment_form.html" if request.htmx else "community/comment_form.html"
    context = {"post": post, "comment": comment, "root": root, "form": form, "editing": editing}
    return answer(request, template, context, status)


@never_cache
@login_required
@on_post
@on_comment
def edit(request, post, comment):
    """/p/<short id>/comments/<key>/edit/"""
    if not permissions.may_edit_comment(request.user, comment):
        raise PermissionDenied(_("This comment can no longer be changed."))
    sent = request.POST if request.method == "POST" else None
    form = CommentForm(sent, initial={"text": comment.text}, auto_id=id_of(comment))
    if request.method != "POST":
        return show_form(request, post, comment, form, editing=True)
    saved, status = submit(request, form, lambda text: edit_comment(comment, text, by=request.user))
    if saved is None:
        return show_form(request, post, comment, form, status, editing=True)
    if request.htmx:
        return show_thread(request, post, one_of(comment.key, post, request.user), new=comment.key)
    return redirect(comment.address())


@never_cache
@login_required
@without_nul
def remove(request, short_id, key):
    """/p/<short id>/comments/<key>/remove/: asks first. Also for who does not see the post any more."""
    comment = Comment.objects.select_related("author", "post__author", "post__gallery", "parent")
    comment = comment.filter(post__short_id=short_id, key=key, removed_by="").first()
    if comment is None or not permissions.may_remove_comment(request.user, comment):
        raise Http404
    context = {"comment": comment, "post": comment.post, "root": comment.parent or comment}
    seen = posts_for(request.user).filter(pk=comment.post_id).exists()
    if request.method != "POST":
        # Who no longer sees the post reads nothing of it here.
        context["names_post"] = seen or comment.post.author_id == request.user.pk
        part = "community/partials/remove_comment.html"
        return answer(request, part if request.htmx else "community/remove_comment.html", context)
    remove_comment(comment, by=request.user)
    if request.htmx and seen:
        root = one_of(context["root"].key, comment.post, request.user)
        if root is not None:
            return show_thread(request, comment.post, root, new=root.key)
        return answer(request, "community/partials/thread_gone.html", {**context, "count": count_of(comment.post)})
    messages.success(request, _("The comment is removed."))
    return redirect(f"{comment.post.address()}#conversation" if seen else "/")


# --- Liking -----------------------------------------------------------------------------------------------------------


@require_POST
@login_required
@on_post
@on_comment
def like(request, post, comment):
    return change_like(request, post, comment, like_comment)


@require_POST
@login_required
@on_post
@on_comment
def unlike(request, post, comment):
    return change_like(request, post, comment, unlike_comment)


def change_like(request, post, comment, act):
    """Do it and show the button anew; without htmx, lead back to the comment."""
    if limited := ratelimit.consume_or_429(request, action="like_comment"):
        return limited
    act(comment, by=request.user)
    if not request.htmx:
        return redirect(comment.address())
    comment = one_of(comment.key, post, request.user)
    comment.post = post
    return answer(request, "community/partials/like_comment.html", {"comment": comment, "post": post})
