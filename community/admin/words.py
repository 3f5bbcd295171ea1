"""The words of members in the console: what they say of themselves, and the names of their galleries; taken down, restored."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions
from gallery.actions.take_down_gallery_name import restore_gallery_name, take_down_gallery_name

from ..actions.take_down_member_name import restore_member_name, take_down_member_name
from ..actions.take_down_profile import restore_profile, take_down_profile
from .base import ConsoleFormView
from .members import OneGallery, OneMember
from .posts import ReasonForm, RestoreForm


class WordsFormView(ConsoleFormView):
    """What staff do with words, by a form with a reason. `act(thing, by=, reason=)` does it; `words` are what it is about."""

    may = staticmethod(permissions.may_take_down)
    template_name = "community/admin/words_form.html"
    act = None
    done = ""

    def form_valid(self, form):
        try:
            type(self).act(self.thing, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(words=self.words(), **kwargs)


class ProfileFormView(OneMember, WordsFormView):
    """The profile of a member."""

    may = staticmethod(permissions.may_take_down)

    @property
    def thing(self):
        return self.member

    def words(self):
        profile = self.member.profile
        return [text for text in (profile.biography, profile.pronouns, profile.link) if text]


class TakeDownProfileView(ProfileFormView):
    """Take it down."""

    act = staticmethod(take_down_profile)
    form_class = ReasonForm
    page_title = _("Take the profile down")
    button = _("Take down")
    serious = True
    done = _("Taken down: nobody outside the team reads it any more.")


class RestoreProfileView(ProfileFormView):
    """Bring it back."""

    act = staticmethod(restore_profile)
    form_class = RestoreForm
    page_title = _("Restore the profile")
    button = _("Restore")
    done = _("Restored.")


class MemberNameFormView(OneMember, WordsFormView):
    """The name of a member."""

    may = staticmethod(permissions.may_take_down)

    @property
    def thing(self):
        return self.member

    def words(self):
        return [self.member.profile.name_taken_down.get("name") or self.member.name]


class TakeDownMemberNameView(MemberNameFormView):
    """Take it down."""

    act = staticmethod(take_down_member_name)
    form_class = ReasonForm
    page_title = _("Take the name down")
    button = _("Take the name down")
    serious = True
    done = _("Taken down: the username stands there until they choose another name.")

    def words(self):
        return [self.member.name]


class RestoreMemberNameView(MemberNameFormView):
    """Bring it back."""

    act = staticmethod(restore_member_name)
    form_class = RestoreForm
    page_title = _("Restore the name")
    button = _("Restore the name")
    done = _("Restored, unless they have chosen another name meanwhile.")


class NameFormView(OneGallery, WordsFormView):
    """The name of a gallery."""

    may = staticmethod(permissions.may_take_down)

    @property
    def thing(self):
        return self.gallery

    def words(self):
        return [self.gallery.name_taken_down.get("name") or self.gallery.title]


class TakeDownNameView(NameFormView):
    """Take it down."""

    act = staticmethod(take_down_gallery_name)
    form_class = ReasonForm
    page_title = _("Take the name down")
    button = _("Take the name down")
    serious = True
    done = _("Taken down: the gallery has no name until its author gives it another one.")

    def words(self):
        return [self.gallery.title]


class RestoreNameView(NameFormView):
    """Bring it back."""

    act = staticmethod(restore_gallery_name)
    form_class = RestoreForm
    page_title = _("Restore the name")
    button = _("Restore the name")
    done = _("Restored, unless its author has given it another name meanwhile.")


class WordsViewSet(ViewSet):
    """Below /admin/members/, beside the members and galleries themselves."""

    name = "console_words"
    url_prefix = "members"

    def get_urlpatterns(self):
        gallery = "<str:username>/<str:slug>"
        return [
            path("<str:username>/profile/down/now/", TakeDownProfileView.as_view(), name="take_down_profile"),
            path("<str:username>/profile/back/now/", RestoreProfileView.as_view(), name="restore_profile"),
            path("<str:username>/called/down/now/", TakeDownMemberNameView.as_view(), name="take_down_member_name"),
            path("<str:username>/called/back/now/", RestoreMemberNameView.as_view(), name="restore_member_name"),
            path(f"{gallery}/name/down/", TakeDownNameView.as_view(), name="take_down_name"),
            path(f"{gallery}/name/back/", RestoreNameView.as_view(), name="restore_name"),
        ]
