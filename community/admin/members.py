"""The console's members and galleries: the list of members, one member, one gallery, and what staff do with them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Q, prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions
from gallery.actions.edit_takedown_reason import edit_takedown_reason
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.keyset import page_of
from gallery.models import GalleryPage, PostPage
from gallery.rows import Rows
from gallery.states import TeamState

from .. import permissions as people
from ..cases import decisions_about, strikes_of
from ..confidential import as_read_by, hidden_among, secrets_of, with_secrets
from ..models import User
from ..models.users import Standing
from . import standing
from .avatars import RestoreAvatar, TakeDownAvatar, avatars_of, states_of, write_down_looks_at_member
from .base import ConsoleFormView, ConsoleView
from .history import history_of
from .posts import ReasonForm, RestoreForm, listing_of, listing_without_files
from .receipts import receipts_about, with_receipts

PAGE = 50
MOST_GALLERIES = 100  # that a member's page names
OF_GALLERIES = ("id", "title", "gallery_slug", "author_state", "team_state")  # in the order of its fields


class MemberFilterForm(forms.Form):
    """What the list of members can be narrowed to."""

    q = forms.CharField(
        label=_("Find"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Username or email address"), "type": "search"}),
    )
    standing = forms.ChoiceField(
        label=_("Standing"), required=False, choices=[("", _("Any standing")), *Standing.choices]
    )


class MembersSection:
    """What the pages of this section share."""

    section = ("console_members:index", _("Members"))
    header_icon = "group"
    may = staticmethod(people.may_see_members)


class MembersView(MembersSection, ConsoleView):
    """All members, newest first, by keyset."""

    template_name = "community/admin/members.html"
    page_title = _("Members")

    def get_context_data(self, **kwargs):
        form = MemberFilterForm(self.request.GET)
        form.is_valid()
        wanted = form.cleaned_data
        members = User.objects.all()
        if q := wanted.get("q", "").replace("\x00", "").strip().lstrip("@").lower():
            # From the start of a name, which its index serves; an address in full.
            end = q + "\U0010ffff"
            members = members.filter(Q(username__gte=q, username__lt=end) | Q(email=q))
        if wanted.get("standing"):
            members = members.filter(standing=wanted["standing"])
        page = page_of(members, self.request.GET.get("after", ""), size=PAGE, at="date_joined", key="username")
        return super().get_context_data(
            form=form, page=page, is_narrowed=any(wanted.get(name) for name in form.fields), **kwargs
        )


class OneMember(MembersSection):
    """Finds the member of the address."""

    header_icon = "user"

    @property
    def member(self):
        if not hasattr(self, "_member"):
            members = self.with_its_own(User.objects.select_related("profile"))
            self._member = members.filter(username=self.kwargs["username"]).first()
        if self._member is None:
            raise Http404
        return self._member

    def with_its_own(self, members):
        """`members` with what else the page needs of one."""
        return members

    def get_page_subtitle(self):
        return self.member.username

    def get_success_url(self):
        return reverse("console_members:member", args=[self.member.username])


class MemberView(OneMember, ConsoleView):
    """One member, read-only: standing, galleries, newest posts, and what happened."""

    template_name = "community/admin/member.html"
    page_title = _("Member")

    def with_its_own(self, members):
        galleries = GalleryPage.objects.filter(author=OuterRef("pk")).order_by("pk")[:MOST_GALLERIES]
        return with_secrets(with_receipts(members)).annotate(its_galleries=Rows(galleries, *OF_GALLERIES))

    def get_context_data(self, **kwargs):
        member = self.member
        posts = listing_without_files(PostPage.objects.of(member), self.request.GET.get("after", ""))
        said, avatars = words_of(member), avatars_of(member, by=self.request.user)
        prefetch_related_objects(pictures_of(posts.items, avatars), "renditions")
        write_down_looks_at_member(member, avatars, posts.items, by=self.request.user)
        decisions = decisions_about(member, self.request.user) if people.may_see_cases(self.request.user) else []
        return super().get_context_data(
            decisions=decisions,
            strikes=strikes_of(decisions),
            hidden_reasons=secrets_of(member, self.request.user),
            member=member,
            galleries=[GalleryPage.from_db("default", OF_GALLERIES, row) for row in member.its_galleries],
            page=posts,
            history=history_of(member, self.request.user),
            avatars=[(avatar, list(states_of(avatar))) for avatar in avatars],
            may_take_down=permissions.may_take_down(self.request.user),
            may_take_down_all=permissions.may_take_down(self.request.user) and member.pk != self.request.user.pk,
            may_suspend=people.may_suspend(self.request.user) and member.pk != self.request.user.pk,
            said=said,
            receipts=receipts_about(member, self.request.user),
            is_suspended=member.standing == Standing.SUSPENDED,
            is_active_member=member.standing == Standing.ACTIVE,
            **kwargs,
        )


def words_of(member):
    """The Profile of `member` where it says anything, or was taken down; else None."""
    profile = getattr(member, "profile", None)
    said = profile and (profile.biography or profile.pronouns or profile.link or profile.team_state != TeamState.NONE)
    return profile if said else None


def pictures_of(posts, avatars):
    """The pictures of the photos in `posts` and of profile pictures."""
    return [photo.picture for post in posts for photo in post.photos.all()] + [avatar.picture for avatar in avatars]


class SuspendView(OneMember, ConsoleFormView):
    """Suspend one member: everything of theirs out of reach, until the suspension ends."""

    may = staticmethod(people.may_suspend)
    form_class = ReasonForm
    page_title = _("Suspend")
    button = _("Suspend")
    serious = True

    def form_valid(self, form):
        try:
            standing.suspend(self.member, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        messages.success(self.request, gettext("Suspended: nothing of theirs can be reached any more."))
        return redirect(self.get_success_url())


class LiftView(OneMember, ConsoleFormView):
    """End a suspension."""

    may = staticmethod(people.may_suspend)
    form_class = RestoreForm
    page_title = _("Lift the suspension")
    button = _("Lift the suspension")

    def form_valid(self, form):
        try:
            standing.lift(self.member, by=self.request.user, reason=form.cleaned_data["reason"])
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, "; ".join(getattr(refusal, "messages", [str(refusal)])))
            return self.form_invalid(form)
        messages.success(self.request, gettext("The suspension is lifted; their posts come back within minutes."))
        return redirect(self.get_success_url())


class TakeDownAvatarView(OneMember, TakeDownAvatar):
    """Take a member's profile picture down."""

    may = staticmethod(permissions.may_take_down)


class RestoreAvatarView(OneMember, RestoreAvatar):
    """Bring a member's profile picture back."""

    may = staticmethod(permissions.may_take_down)


# --- Galleries --------------------------------------------------------------------------------------------------------


class OneGallery(MembersSection):
    """Finds the gallery of the address."""

    header_icon = "folder-open-inverse"
    may = staticmethod(permissions.may_look)

    @property
    def gallery(self):
        if not hasattr(self, "_gallery"):
            galleries = GalleryPage.objects.select_related("author")
            self._gallery = galleries.filter(
                author__username=self.kwargs["username"], gallery_slug=self.kwargs["slug"]
            ).first()
        if self._gallery is None:
            raise Http404
        return self._gallery

    def get_page_subtitle(self):
        return self.gallery.title

    def get_success_url(self):
        return reverse("console_members:gallery", args=[self.kwargs["username"], self.kwargs["slug"]])


class GalleryView(OneGallery, ConsoleView):
    """One gallery, read-only."""

    template_name = "community/admin/gallery.html"
    page_title = _("Gallery")

    def get_context_data(self, **kwargs):
        gallery = self.gallery
        posts = listing_of(
            PostPage.objects.filter(gallery=gallery), self.request.GET.get("after", ""), by=self.request.user
        )
        reasons = [gallery.team_reason, gallery.name_taken_down.get("reason")]
        return super().get_context_data(
            gallery=gallery,
            hidden_reasons=hidden_among(self.request.user, [(reason, gallery.author) for reason in reasons]),
            page=posts,
            history=history_of(gallery, self.request.user),
            may_take_down=permissions.may_take_down(self.request.user),
            is_taken_down=gallery.team_state != TeamState.NONE,
            **kwargs,
        )


class GalleryFormView(OneGallery, ConsoleFormView):
    """What staff do with one gallery, by a form with a reason. `act(gallery, by=, reason=)` does it."""

    may = staticmethod(permissions.may_take_down)
    act = None
    done = ""

    def form_valid(self, form):
        type(self).act(self.gallery, by=self.request.user, reason=form.cleaned_data["reason"])
        messages.success(self.request, str(self.done))
        return redirect(self.get_success_url())


class TakeDownGalleryView(GalleryFormView):
    """Take a gallery down, with the posts in it."""

    act = staticmethod(take_down_gallery)
    form_class = ReasonForm
    page_title = _("Take down")
    button = _("Take down")
    serious = True
    done = _("Taken down, with every post in it.")


class EditGalleryReasonView(GalleryFormView):
    """Change what its author is told."""

    act = staticmethod(edit_takedown_reason)
    form_class = ReasonForm
    page_title = _("Edit the reason")
    button = _("Save the reason")
    done = _("The reason is changed.")

    def get_initial(self):
        gallery = self.gallery
        return {"reason": as_read_by(self.request.user, gallery.team_reason, gallery.author, instead="")}


class RestoreGalleryView(GalleryFormView):
    """Bring a gallery back."""

    act = staticmethod(restore_gallery)
    form_class = RestoreForm
    page_title = _("Restore")
    button = _("Restore")
    done = _("Restored; its posts come back within minutes.")


class MembersViewSet(ViewSet):
    """The console's members and galleries, below /admin/members/."""

    name = "console_members"
    url_prefix = "members"

    def get_urlpatterns(self):
        gallery = "<str:username>/<str:slug>"
        return [
            path("", MembersView.as_view(), name="index"),
            path("<str:username>/", MemberView.as_view(), name="member"),
            path("<str:username>/suspend/now/", SuspendView.as_view(), name="suspend"),
            path("<str:username>/suspend/lift/", LiftView.as_view(), name="lift"),
            path("<str:username>/picture/<str:key>/down/", TakeDownAvatarView.as_view(), name="take_down_avatar"),
            path("<str:username>/picture/<str:key>/back/", RestoreAvatarView.as_view(), name="restore_avatar"),
            path(f"{gallery}/", GalleryView.as_view(), name="gallery"),
            path(f"{gallery}/take-down/", TakeDownGalleryView.as_view(), name="take_down_gallery"),
            path(f"{gallery}/reason/", EditGalleryReasonView.as_view(), name="edit_gallery_reason"),
            path(f"{gallery}/restore/", RestoreGalleryView.as_view(), name="restore_gallery"),
        ]
