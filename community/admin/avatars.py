"""The console's profile pictures: what a member's page shows of them, taking one down, and restoring it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery import permissions
from gallery.acts import write_down_look
from gallery.states import TeamState

from ..actions.take_down_avatar import restore_avatar, take_down_avatar
from ..avatars import may_be_seen
from ..models import Avatar
from .base import ConsoleFormView, is_private, write_down_looks
from .posts import ReasonForm, RestoreForm

MOST = 12  # pictures of one member that their page shows


def avatars_of(member, *, by):
    """The newest profile pictures of `member`, present and former, for staff `by`; without their renditions. One query."""
    if not permissions.may_look(by):
        return []
    return list(Avatar.objects.filter(user=member).select_related("picture__original").order_by("-pk")[:MOST])


def write_down_looks_at_member(member, avatars, posts, *, by):
    """Log that staff `by` is shown the private ones of these profile pictures and posts of `member`: one row, on the member
    where there is such a picture."""
    if all(may_be_seen(avatar, member) for avatar in avatars):
        write_down_looks(posts, by=by)
    else:
        private = [post.short_id for post in posts if is_private(post)]
        write_down_look(member, by=by, **({"posts": private} if private else {}))


class AvatarFormView(ConsoleFormView):
    """What staff do with one profile picture, by a form with a reason. `act(avatar, by=, reason=)` does it.

    Mixed with `OneMember`, which finds the member. The address names the picture by its original, so that one that took its
    place meanwhile is not meant.
    """

    template_name = "community/admin/avatar_form.html"
    act = None
    done = ""

    @property
    def avatar(self):
        theirs = Avatar.objects.filter(user=self.member, picture__original__sha256__startswith=self.kwargs["key"])
        avatar = theirs.select_related("picture__original", "user").order_by("-pk").first()
        if avatar is None:
            raise Http404
        return avatar

    def get_context_data(self, **kwargs):
        return super().get_context_data(avatar=self.avatar, **kwargs)

    def form_valid(self, form):
        try:
            type(self).act(self.avatar, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return redirect(self.get_success_url())


class TakeDownAvatar(AvatarFormView):
    """Take a profile picture down."""

    act = staticmethod(take_down_avatar)
    form_class = ReasonForm
    page_title = _("Take the profile picture down")
    button = _("Take down")
    serious = True
    done = _("Taken down: nobody outside the team can reach the picture any more.")


class RestoreAvatar(AvatarFormView):
    """Bring a profile picture back."""

    act = staticmethod(restore_avatar)
    form_class = RestoreForm
    page_title = _("Restore the profile picture")
    button = _("Restore")
    done = _("Restored.")


def states_of(avatar):
    """What the console says of a profile picture, in words."""
    if avatar.team_state != TeamState.NONE:
        yield avatar.get_team_state_display()
    if avatar.removed_at:
        yield gettext("Replaced or removed by its member")
    elif not avatar.is_ready:
        yield avatar.get_state_display()
