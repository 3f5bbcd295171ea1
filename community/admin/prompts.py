"""Prompts in the console: picking the winners of those that are over. The pages themselves are Wagtail's to edit."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery.keyset import page_in
from gallery.models import PostPage

from .. import prompting
from ..actions.pick_winners import announce_winners, choose_winner, unchoose_winner
from ..lists import with_photos
from ..models import PromptPage
from ..permissions import may_pick_winners
from .base import ConsoleMenuItem, ConsoleView


def menu_item():
    return ConsoleMenuItem(
        _("Prompts"), reverse_lazy("console_prompts:index"), icon_name="pick", order=140, may=may_pick_winners
    )


class PromptsView(ConsoleView):
    """All prompts, those that started last first."""

    may = staticmethod(may_pick_winners)
    template_name = "community/admin/prompts.html"
    page_title = _("Prompts")
    header_icon = "pick"
    section = ("console_prompts:index", _("Prompts"))

    def get_context_data(self, **kwargs):
        page = page_in([(PromptPage.objects.all(), prompting.STARTED)], self.request.GET.get("after", ""))
        return super().get_context_data(page=page, **kwargs)


class WinnersView(ConsoleView):
    """The entries of one prompt, those with a place first. POST `do`: choose:<short id>, unchoose:<short id>, announce."""

    may = staticmethod(may_pick_winners)
    template_name = "community/admin/winners.html"
    page_title = _("Winners")
    header_icon = "pick"
    section = ("console_prompts:index", _("Prompts"))

    def get_page_subtitle(self):
        return self.prompt.title

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.prompt = get_object_or_404(PromptPage, slug=kwargs["slug"])

    def get_context_data(self, **kwargs):
        entries = prompting.shown(self.prompt, self.request.user)
        placed = list(entries.filter(place__isnull=False).order_by("place"))
        others = entries.filter(place__isnull=True).exclude(post__author=self.request.user)
        page = page_in([(others, prompting.ENTERED)], self.request.GET.get("after", ""))
        with_photos([entry.post for entry in (*placed, *page)])
        open_to_change = self.prompt.is_over and not self.prompt.results_at
        return super().get_context_data(
            prompt=self.prompt, placed=placed, page=page, open_to_change=open_to_change, **kwargs
        )

    def post(self, request, *args, **kwargs):
        act, _colon, key = request.POST.get("do", "").partition(":")
        try:
            if act == "announce":
                announce_winners(self.prompt, by=request.user)
                messages.success(request, gettext("The winners are announced, and told."))
            elif act in ("choose", "unchoose"):
                post = get_object_or_404(PostPage, short_id=key)
                {"choose": choose_winner, "unchoose": unchoose_winner}[act](self.prompt, post, by=request.user)
            else:
                raise Http404
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        return redirect(reverse("console_prompts:winners", args=[self.prompt.slug]))


class PromptsViewSet(ViewSet):
    """Below /admin/prompts/."""

    name = "console_prompts"
    url_prefix = "prompts"

    def get_urlpatterns(self):
        return [
            path("", PromptsView.as_view(), name="index"),
            path("<str:slug>/winners/", WinnersView.as_view(), name="winners"),
        ]
