"""The console's held profile pictures: those that look like a banned picture, and what staff decide of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery.acts import write_down_look, write_down_look_at_many
from gallery.keyset import page_of
from gallery.models.bans import Match

from ..actions.decide_avatar_match import confirm_avatar_match, let_avatar_through
from ..models import AvatarMatch
from .bans import PAGE, BansSection
from .base import ConsoleFormView, ConsoleView
from .posts import ReasonForm, RestoreForm


def write_down_looks(matches, *, by):
    """Log that staff `by` is shown these profile pictures, which nobody else sees: one row for all of them."""
    members = list(dict.fromkeys(match.avatar.user.username for match in matches))
    if len(members) == 1:
        write_down_look(matches[0].avatar.user, by=by)
    elif members:
        write_down_look_at_many(by=by, members=members)


class HeldAvatarsView(BansSection, ConsoleView):
    """Profile pictures that look like banned pictures, the last found first: those that are held, or were decided."""

    template_name = "community/admin/held_avatars.html"
    page_title = _("Held profile pictures")

    def get_context_data(self, **kwargs):
        state = self.request.GET.get("state", "")
        state = state if state in Match.State.values else Match.State.HELD
        matches = AvatarMatch.objects.filter(state=state).exclude(avatar__user=self.request.user.pk)
        matches = matches.select_related("avatar__user", "avatar__picture__original", "banned", "decided_by")
        matches = matches.prefetch_related("avatar__picture__renditions")
        page = page_of(matches, self.request.GET.get("after", ""), size=PAGE, at="found_at", key="key")
        write_down_looks(page.items, by=self.request.user)
        return super().get_context_data(page=page, state=state, states=Match.State.choices, **kwargs)


class AvatarMatchFormView(BansSection, ConsoleFormView):
    """What staff decide about one, by a form. `act(match, by=, reason=)` does it. Of one's own there is none."""

    template_name = "community/admin/avatar_form.html"
    act = None
    done = ""

    @cached_property
    def match(self):
        matches = AvatarMatch.objects.select_related("avatar__user", "avatar__picture__original", "banned")
        match = matches.filter(key=self.kwargs["key"]).exclude(avatar__user=self.request.user.pk).first()
        if match is None:
            raise Http404
        return match

    def get_page_subtitle(self):
        return self.match.avatar.user.username

    def get_context_data(self, **kwargs):
        write_down_looks([self.match], by=self.request.user)
        return super().get_context_data(avatar=self.match.avatar, **kwargs)

    def form_valid(self, form):
        try:
            type(self).act(self.match, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return redirect(self.get_success_url())

    def get_success_url(self):
        return reverse("console_held_avatars:index")


class LetAvatarThroughView(AvatarMatchFormView):
    """Let it through."""

    act = staticmethod(let_avatar_through)
    form_class = RestoreForm
    page_title = _("Let the profile picture through")
    button = _("Let it through")
    done = _("Let through: it stands beside its member’s name.")


class ConfirmAvatarView(AvatarMatchFormView):
    """It is the banned picture."""

    act = staticmethod(confirm_avatar_match)
    form_class = ReasonForm
    page_title = _("It is the banned picture")
    button = _("Keep it out of reach")
    serious = True
    done = _("Confirmed: nobody outside the team can reach it.")


class HeldAvatarsViewSet(ViewSet):
    """Below /admin/held-profile-pictures/."""

    name = "console_held_avatars"
    url_prefix = "held-profile-pictures"

    def get_urlpatterns(self):
        return [
            path("", HeldAvatarsView.as_view(), name="index"),
            path("<str:key>/let-through/", LetAvatarThroughView.as_view(), name="let_through"),
            path("<str:key>/confirm/", ConfirmAvatarView.as_view(), name="confirm"),
        ]
