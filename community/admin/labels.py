"""Decisions about a part of a post in the console: its labels (limited, sensitive), and single photos of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions
from gallery.actions.label_sensitive import label_sensitive, unlabel_sensitive
from gallery.actions.limit_post import limit_post, unlimit_post
from gallery.actions.take_down_photo import restore_photo, take_down_photo

from .base import ConsoleFormView, write_down_looks
from .posts import OnePost, ReasonForm, RestoreForm


class PostFormView(OnePost, ConsoleFormView):
    """What staff do with the post of the address, by a form with a reason. `act(post, by=, reason=)` does it."""

    may = staticmethod(permissions.may_take_down)
    template_name = "community/admin/post_form.html"
    act = None
    done = ""
    # What it means, for whoever is about to do it.
    meaning = ""

    def get_context_data(self, **kwargs):
        write_down_looks([self.post_page], by=self.request.user)
        return super().get_context_data(post=self.post_page, meaning=self.meaning, **kwargs)

    def do(self, form):
        """Do it, with what was typed."""
        return type(self).act(self.post_page, by=self.request.user, reason=form.cleaned_data["reason"])

    def form_valid(self, form):
        try:
            self.do(form)
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return redirect(self.get_success_url())


class LimitView(PostFormView):
    """Limit a post."""

    act = staticmethod(limit_post)
    form_class = ReasonForm
    page_title = _("Limit")
    button = _("Limit")
    serious = True
    meaning = _(
        "Nobody comes across it in explore, under hashtags, in search or on the front page any more. Followers of its "
        "author and people with the link see it as before."
    )
    done = _("Limited: only followers and people with the link come to it.")


class UnlimitView(PostFormView):
    """End the limit of a post."""

    act = staticmethod(unlimit_post)
    form_class = RestoreForm
    page_title = _("End the limit")
    button = _("End the limit")
    done = _("No longer limited.")


class LabelSensitiveView(PostFormView):
    """Mark a post as sensitive."""

    act = staticmethod(label_sensitive)
    form_class = ReasonForm
    page_title = _("Label as sensitive")
    button = _("Label as sensitive")
    serious = True
    meaning = _(
        "Its pictures are blurred everywhere until somebody asks to see them. Its author cannot take that back."
    )
    done = _("Labelled as sensitive: blurred until somebody asks to see it.")


class UnlabelSensitiveView(PostFormView):
    """Take the team's mark off a post."""

    act = staticmethod(unlabel_sensitive)
    form_class = RestoreForm
    page_title = _("No longer sensitive")
    button = _("Take the label away")
    done = _("The team's label is gone. If its author marked it as sensitive as well, it stays blurred.")


class PhotoFormView(PostFormView):
    """What staff do with one photo of the post of the address."""

    template_name = "community/admin/photo_form.html"

    @cached_property
    def photo(self):
        return get_object_or_404(self.post_page.photos.select_related("picture"), key=self.kwargs["key"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(photo=self.photo, **kwargs)

    def do(self, form):
        return type(self).act(self.photo, by=self.request.user, reason=form.cleaned_data["reason"])


class TakeDownPhotoView(PhotoFormView):
    """Take one photo down."""

    act = staticmethod(take_down_photo)
    form_class = ReasonForm
    page_title = _("Take the photo down")
    button = _("Take the photo down")
    serious = True
    meaning = _(
        "The post stays with its other photos; where this is the last one, the post is taken down. Where its author shows "
        "the same picture elsewhere, it goes there as well."
    )
    done = _("Taken down: nobody outside the team can reach the photo any more.")


class RestorePhotoView(PhotoFormView):
    """Bring one photo back."""

    act = staticmethod(restore_photo)
    form_class = RestoreForm
    page_title = _("Restore the photo")
    button = _("Restore the photo")
    done = _("Restored.")


class LabelsViewSet(ViewSet):
    """Below /admin/posts/, beside the posts themselves."""

    name = "console_labels"
    url_prefix = "posts"

    def get_urlpatterns(self):
        return [
            path("<str:short_id>/limit/", LimitView.as_view(), name="limit"),
            path("<str:short_id>/unlimit/", UnlimitView.as_view(), name="unlimit"),
            path("<str:short_id>/sensitive/", LabelSensitiveView.as_view(), name="label_sensitive"),
            path("<str:short_id>/not-sensitive/", UnlabelSensitiveView.as_view(), name="unlabel_sensitive"),
            path("<str:short_id>/photos/<str:key>/down/", TakeDownPhotoView.as_view(), name="take_down_photo"),
            path("<str:short_id>/photos/<str:key>/back/", RestorePhotoView.as_view(), name="restore_photo"),
        ]
