"""The console's comments: the list of them in any state, with their words while these are kept; taking one down, and
restoring it."""

import re

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions
from gallery.acts import write_down_look, write_down_look_at_many
from gallery.keyset import page_of
from gallery.states import TeamState

from ..actions.take_down_comment import restore_comment, take_down_comment
from ..confidential import hidden_among
from ..models import Comment
from ..models.comments import RemovedBy
from .base import ConsoleFormView, ConsoleView, is_private
from .finding import SHORT_ID
from .posts import ReasonForm, RestoreForm

PAGE = 50
# A comment's own address, or its place on the page of a post.
ADDRESS = re.compile(r"(?:/comments/|#c-)([1-9A-HJ-NP-Za-km-z]{10})(?:[/?#]|$)")

GONE = "gone"  # whoever decided it
STATES = [
    ("", _("Any state")),
    (GONE, _("Removed or taken down")),
    (RemovedBy.AUTHOR.value, _("Removed by its author")),
    (RemovedBy.POST_AUTHOR.value, _("Removed by the post's author")),
    (RemovedBy.TEAM.value, _("Taken down by the team")),
]


class FilterForm(forms.Form):
    """What the list can be narrowed to. Anything odd narrows nothing."""

    q = forms.CharField(
        label=_("Find"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(
            attrs={"placeholder": _("@member, or the address of a comment or post"), "type": "search"}
        ),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)


def find_comments(query, comments):
    """The part of `comments` that a moderator means: by "@ana", or by the address or the id of a comment or of a post."""
    query = query.replace("\x00", "").strip()
    if not query:
        return comments
    if match := ADDRESS.search(query):
        return comments.filter(key=match[1])
    if not query.startswith("@") and (match := SHORT_ID.search(query)):
        under_post = comments.filter(post__short_id=match[1])
        if "/" in query:
            return under_post
        # Ten letters alone may be a username as well.
        for found in (comments.filter(key=match[1]), under_post):
            if found.exists():
                return found
    return comments.filter(author__username=query.removeprefix("@").lower())


def in_state(comments, state):
    """(`comments` in one of STATES, the column by which they are listed, newest first).

    Of what does not stand, only what still has its words: the last removed first, from the indexes of just that.
    """
    if not state:
        return comments, "created_at"
    comments = comments.filter(removed_at__isnull=False).exclude(text="")
    if state == RemovedBy.TEAM:
        comments = comments.exclude(team_state=TeamState.NONE)
    elif state != GONE:
        comments = comments.filter(removed_by=state)
    return comments, "removed_at"


def listing_of_comments(comments, cursor, *, by, at="created_at"):
    """One page of `comments` for a listing by keyset, newest first; nothing is counted. Looks at private ones are logged."""
    comments = comments.select_related("author", "post__author", "post__gallery")
    page = page_of(comments, cursor, size=PAGE, at=at, key="key")
    write_down_looks(page.items, by=by)
    return page


def write_down_looks(comments, *, by):
    """Log that staff `by` reads those of `comments` that visitors cannot read: one row, as for posts."""
    private = [comment for comment in comments if comment.text and is_private_comment(comment)]
    if len(private) == 1:
        write_down_look(private[0].post, by=by, comment=private[0].key)
    elif private:
        keys = [comment.key for comment in private]
        write_down_look_at_many(by=by, comments=keys)


def is_private_comment(comment):
    return not comment.is_standing or not comment.author.is_member_visible or is_private(comment.post)


class CommentsSection:
    """What the pages of this section share."""

    section = ("console_comments:index", _("Comments"))
    header_icon = "comment"
    may = staticmethod(permissions.may_take_down)


class CommentsView(CommentsSection, ConsoleView):
    """All comments, the last written first, or those that do not stand, the last removed first."""

    template_name = "community/admin/comments.html"
    page_title = _("Comments")

    def get_context_data(self, **kwargs):
        form = FilterForm(self.request.GET)
        form.is_valid()
        wanted = form.cleaned_data
        comments, at = in_state(find_comments(wanted.get("q", ""), Comment.objects.all()), wanted.get("state", ""))
        page = listing_of_comments(comments, self.request.GET.get("after", ""), by=self.request.user, at=at)
        is_narrowed = any(wanted.get(name) for name in form.fields)
        reasons = [(comment.team_reason, comment.author) for comment in page.items]
        hidden = hidden_among(self.request.user, reasons)
        return super().get_context_data(form=form, page=page, is_narrowed=is_narrowed, hidden_reasons=hidden, **kwargs)


class CommentFormView(CommentsSection, ConsoleFormView):
    """What staff do with the comment of the address, by a form with a reason. `act(comment, by=, reason=)` does it."""

    template_name = "community/admin/comment_form.html"
    act = None

    @cached_property
    def comment(self):
        comments = Comment.objects.select_related("author", "post__author", "post__gallery")
        comment = comments.filter(key=self.kwargs["key"]).first()
        if comment is None:
            raise Http404
        return comment

    def get_context_data(self, **kwargs):
        comment, staff = self.comment, self.request.user
        write_down_looks([comment], by=staff)
        hidden = hidden_among(staff, [(comment.team_reason, comment.author)])
        return super().get_context_data(comment=comment, hidden_reasons=hidden, **kwargs)

    def form_valid(self, form):
        try:
            comment = type(self).act(self.comment, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        self.say(comment)
        return redirect(self.get_success_url())

    def say(self, comment):
        """Tell the moderator what has become of `comment`."""
        raise NotImplementedError

    def get_success_url(self):
        return f"{reverse('console_comments:index')}?{urlencode({'q': self.comment.key})}"


class TakeDownView(CommentFormView):
    """Take a comment down."""

    act = staticmethod(take_down_comment)
    form_class = ReasonForm
    page_title = _("Take the comment down")
    button = _("Take down")
    serious = True

    def say(self, comment):
        messages.success(self.request, gettext("Taken down: nobody outside the team reads it any more."))


class RestoreView(CommentFormView):
    """Bring a comment back."""

    act = staticmethod(restore_comment)
    form_class = RestoreForm
    page_title = _("Restore the comment")
    button = _("Restore")

    def say(self, comment):
        if comment.is_standing:
            messages.success(self.request, gettext("Restored: it stands again under its post."))
        else:
            messages.warning(self.request, gettext("Restored, but it was removed by its author or the post's as well."))


class CommentsViewSet(ViewSet):
    """Below /admin/comments/."""

    name = "console_comments"
    url_prefix = "comments"

    def get_urlpatterns(self):
        return [
            path("", CommentsView.as_view(), name="index"),
            path("<str:key>/take-down/", TakeDownView.as_view(), name="take_down"),
            path("<str:key>/restore/", RestoreView.as_view(), name="restore"),
        ]
