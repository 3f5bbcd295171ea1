"""Picks in the console: which posts the front page shows, from when until when, in which order."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateTimeInput

from community.admin.base import ConsoleView
from community.admin.finding import find_posts
from community.visibility import posts_for
from gallery.models import PostPage

from ..actions.pick_post import end_pick, pick_post
from ..models import Pick
from ..permissions import may_pick
from ..picking import may_be_picked

PAGE = 30


class PickForm(forms.ModelForm):
    """When a pick is shown. Which post it is, and who picked it, stays."""

    class Meta:
        model = Pick
        fields = ["shown_from", "shown_until"]
        widgets = {"shown_from": AdminDateTimeInput, "shown_until": AdminDateTimeInput}


class PicksIndexView(generic.IndexView):
    """All picks, in the front page's order; those that ended are the archive."""

    add_item_label = _("Pick a post")

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("post__author", "curator")


class ChooseToPickView(ConsoleView):
    """Posts that everyone can see, to pick from: what curators are shown of members' things."""

    may = staticmethod(may_pick)
    template_name = "home/admin/choose_to_pick.html"
    page_title = _("Pick a post")
    header_icon = "pick"
    section = ("picks:index", _("Picks"))

    def get_context_data(self, **kwargs):
        q = self.request.GET.get("q", "")[:2000]
        posts = posts_for(self.request.user).discoverable().filter(author__featurable=True).for_cards()
        page = find_posts(q, posts, self.request.GET.get("after", ""), size=PAGE)
        current = Pick.objects.current().filter(post__in=[post.pk for post in page]).values_list("post", flat=True)
        return super().get_context_data(q=q, page=page, picked=set(current), **kwargs)


class PickView(View):
    """Pick one post, or end its pick: what the button on a post sends."""

    http_method_names = ["post"]

    def post(self, request, short_id):
        if not may_pick(request.user):
            raise PermissionDenied
        post = PostPage.objects.filter(short_id=short_id).first()
        if post is None:
            raise Http404
        try:
            pick_post(post, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, gettext("Picked: the front page shows it first."))
        return redirect("picks:index")


class EndPickView(View):
    """End one pick now."""

    http_method_names = ["post"]

    def post(self, request, pk):
        end_pick(get_object_or_404(Pick, pk=pk), by=request.user)
        messages.success(request, gettext("The pick has ended."))
        return redirect("picks:index")


class LeadToChoosing(View):
    """Adding a pick begins with choosing the post."""

    def dispatch(self, request, *args, **kwargs):
        return redirect("picks:choose")


class PickEditView(generic.EditView):
    """One pick: its time, and the button that ends it."""

    template_name = "home/admin/pick_edit.html"

    def get_queryset(self):
        return Pick.objects.select_related("post__author", "curator")


class PicksViewSet(ModelViewSet):
    """Picks, for curators and administrators."""

    model = Pick
    name = "picks"
    icon = "pick"
    menu_label = _("Picks")
    menu_order = 130
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    sort_order_field = "position"
    index_view_class = PicksIndexView
    edit_view_class = PickEditView
    form_fields = ["shown_from", "shown_until"]
    list_display = [
        "post",
        Column("author", label=_("Author"), accessor="post.author.username"),
        Column("curator", label=_("Curator"), accessor="curator.username"),
        DateColumn("shown_from", label=_("From")),
        DateColumn("shown_until", label=_("Until")),
    ]

    def get_form_class(self, for_update=False):
        return PickForm

    @property
    def add_view(self):
        return LeadToChoosing.as_view()

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("choose/", ChooseToPickView.as_view(), name="choose"),
            path("pick/<str:short_id>/", PickView.as_view(), name="pick"),
            path("end/<int:pk>/", EndPickView.as_view(), name="end"),
        ]


def post_buttons(request, post):
    """Hook `console_post_buttons`: the button that picks, on a post in the console."""
    if not may_pick(request.user) or not may_be_picked(request.user, post):
        return []
    return [{"label": _("Pick for the front page"), "url": reverse("picks:pick", args=[post.short_id])}]
