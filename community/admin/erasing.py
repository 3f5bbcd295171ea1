"""Erasing a post in the console: by administrators, for a reason, and after a second confirmation."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions
from gallery.actions.erase_by_order import erase_by_order

from .labels import PostFormView


class EraseForm(forms.Form):
    """The reason, and the short id typed once more."""

    reason = forms.CharField(
        label=_("By whose order, or by which right"),
        help_text=_("Its author is told this, and it stays in the log. Don't describe the picture."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    everywhere = forms.BooleanField(
        label=_("The order is for the file itself"),
        help_text=_("Erase it in other members' posts and profile pictures as well."),
        required=False,
    )
    again = forms.CharField(
        label=_("Type the short id of the post to confirm"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args, short_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.short_id = short_id
        self.fields["again"].help_text = short_id

    def clean_again(self):
        if self.cleaned_data["again"].strip() != self.short_id:
            raise ValidationError(_("This is not the short id of the post."))
        return self.short_id


class EraseView(PostFormView):
    """Erase one post."""

    may = staticmethod(permissions.may_erase)
    form_class = EraseForm
    page_title = _("Erase")
    button = _("Erase for good")
    serious = True
    meaning = _(
        "Its pictures, their originals, its words, comments and likes are destroyed, and what reports, receipts, exports and "
        "the log quote of it. Nobody can bring it back, the team included. Its address says that it was removed."
    )

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "short_id": self.kwargs["short_id"]}

    def form_valid(self, form):
        wanted = form.cleaned_data
        try:
            until = erase_by_order(
                self.post_page, by=self.request.user, reason=wanted["reason"], everywhere=wanted["everywhere"]
            )
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        words = gettext("Erased. Backups hold it until %(date)s; a roll-back before that erases it again.")
        messages.success(self.request, words % {"date": date_format(until, "DATE_FORMAT")})
        return redirect("console_posts:index")


class ErasingViewSet(ViewSet):
    """Below /admin/posts/, beside the posts themselves."""

    name = "console_erasing"
    url_prefix = "posts"

    def get_urlpatterns(self):
        return [path("<str:short_id>/erase/", EraseView.as_view(), name="erase")]
