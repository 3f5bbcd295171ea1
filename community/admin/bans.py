"""The console's banned pictures: what was held because it looks like one, and the list of them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions
from gallery.actions.ban_picture import ban_picture, unban_picture
from gallery.actions.decide_match import confirm_match, let_through
from gallery.keyset import page_of
from gallery.models import BanMatch, BannedPicture

from .base import ConsoleFormView, ConsoleMenuItem, ConsoleView, write_down_looks
from .posts import ReasonForm, RestoreForm

PAGE = 30


class BansSection:
    """What the pages of this section share."""

    section = ("console_bans:index", _("Held pictures"))
    header_icon = "view"
    may = staticmethod(permissions.may_ban_pictures)


class MatchesView(BansSection, ConsoleView):
    """Photos that look like banned pictures, the last found first: those that are held, or those that were decided."""

    template_name = "community/admin/matches.html"
    page_title = _("Held pictures")

    def get_context_data(self, **kwargs):
        state = self.request.GET.get("state", "")
        state = state if state in BanMatch.State.values else BanMatch.State.HELD
        matches = (
            BanMatch.objects.filter(state=state)
            .select_related("photo__post__author", "photo__post__gallery", "photo__picture", "banned", "decided_by")
            .prefetch_related("photo__picture__renditions")
        )
        page = page_of(matches, self.request.GET.get("after", ""), size=PAGE, at="found_at", key="key")
        write_down_looks({match.photo.post: None for match in page.items}, by=self.request.user)
        return super().get_context_data(page=page, state=state, states=BanMatch.State.choices, **kwargs)


class MatchFormView(BansSection, ConsoleFormView):
    """What staff decide about one match, by a form. `act(match, by=, reason=)` does it."""

    template_name = "community/admin/match_form.html"
    act = None

    @cached_property
    def match(self):
        matches = BanMatch.objects.select_related(
            "photo__post__author", "photo__post__gallery", "photo__picture", "banned"
        )
        match = matches.filter(key=self.kwargs["key"]).first()
        if match is None:
            raise Http404
        return match

    def get_context_data(self, **kwargs):
        write_down_looks([self.match.photo.post], by=self.request.user)
        return super().get_context_data(match=self.match, **kwargs)

    def form_valid(self, form):
        try:
            post = type(self).act(self.match, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        self.say(post)
        return redirect(self.get_success_url())

    def get_success_url(self):
        return reverse("console_bans:index")


class LetThroughView(MatchFormView):
    """Let it through."""

    act = staticmethod(let_through)
    form_class = RestoreForm
    page_title = _("Let the picture through")
    button = _("Let it through")

    def say(self, post):
        messages.success(self.request, gettext("Let through: it is shown as it would have been."))


class ConfirmView(MatchFormView):
    """It is the banned picture."""

    act = staticmethod(confirm_match)
    form_class = ReasonForm
    page_title = _("It is the banned picture")
    button = _("Keep it out of reach")
    serious = True

    def say(self, post):
        messages.success(self.request, gettext("Confirmed: nobody outside the team can reach it."))


class BannedView(BansSection, ConsoleView):
    """All banned pictures, the last added first."""

    template_name = "community/admin/banned.html"
    page_title = _("Banned pictures")

    def get_context_data(self, **kwargs):
        banned = BannedPicture.objects.select_related("added_by")
        page = page_of(banned, self.request.GET.get("after", ""), size=PAGE, at="added_at", key="sha256")
        return super().get_context_data(page=page, **kwargs)


class BanForm(forms.Form):
    """A hash, and why."""

    sha256 = forms.CharField(
        label=_("SHA-256 of the file"), max_length=64, help_text=_("64 digits, 0 to 9 and a to f.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the team alone."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )


class AddView(BansSection, ConsoleFormView):
    """Ban a picture by its hash, whether we have it or not."""

    form_class = BanForm
    page_title = _("Ban a picture")
    button = _("Ban it")
    serious = True
    success_url = reverse_lazy("console_bans:banned")

    def form_valid(self, form):
        try:
            ban_picture(by=self.request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, gettext("Nobody can share this picture from now on."))
        return super().form_valid(form)


class RemoveView(BansSection, ConsoleFormView):
    """Take a picture off the list."""

    form_class = RestoreForm
    page_title = _("Take the picture off the list")
    button = _("Take it off the list")
    success_url = reverse_lazy("console_bans:banned")

    def get_page_subtitle(self):
        return self.kwargs["sha256"][:12]

    def form_valid(self, form):
        banned = BannedPicture.objects.filter(sha256=self.kwargs["sha256"]).first()
        if banned is None:
            raise Http404
        try:
            unban_picture(banned, by=self.request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, gettext("It may be shared again."))
        return super().form_valid(form)


def menu_item():
    return ConsoleMenuItem(
        _("Held pictures"),
        reverse_lazy("console_bans:index"),
        icon_name="view",
        order=125,
        may=permissions.may_ban_pictures,
    )


class BansViewSet(ViewSet):
    """Below /admin/held-pictures/."""

    name = "console_bans"
    url_prefix = "held-pictures"

    def get_urlpatterns(self):
        return [
            path("", MatchesView.as_view(), name="index"),
            path("banned/", BannedView.as_view(), name="banned"),
            path("banned/add/", AddView.as_view(), name="add"),
            path("banned/<str:sha256>/remove/", RemoveView.as_view(), name="remove"),
            path("<str:key>/let-through/", LetThroughView.as_view(), name="let_through"),
            path("<str:key>/confirm/", ConfirmView.as_view(), name="confirm"),
        ]
