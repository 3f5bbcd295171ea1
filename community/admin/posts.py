"""The console's posts: the listing, one post with all that is known of it, and what staff do with it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from gallery import permissions
from gallery.actions.edit_takedown_reason import edit_takedown_reason
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import posts_of_same_original, take_down_post
from gallery.keyset import page_of
from gallery.models import Photo, PostPage, card_photos
from gallery.states import AuthorState, HiddenBy, TeamState

from ..confidential import as_read_by
from .base import ConsoleFormView, ConsoleView, write_down_looks
from .finding import find_posts
from .history import history_of
from .post_addresses import own_addresses, with_addresses
from .receipts import receipts_of

PAGE = 30
BULK = 100  # posts in one bulk takedown: each is a transaction's work


class FilterForm(forms.Form):
    """What the listing can be narrowed to. Anything odd narrows nothing."""

    q = forms.CharField(
        label=_("Find"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"placeholder": _("Caption, @member, short id or address"), "type": "search"}),
    )
    team = forms.ChoiceField(
        label=_("The team's state"), required=False, choices=[("", _("Any state of the team's")), *TeamState.choices]
    )
    author = forms.ChoiceField(
        label=_("The author's state"),
        required=False,
        choices=[("", _("Any state of the author's")), *AuthorState.choices],
    )


def listing_of(queryset, cursor, *, by):
    """One page of posts for a listing, newest first, whatever their state; looks at private ones are written down."""
    page = page_of(queryset.for_cards(), cursor, size=PAGE, at="created_at")
    write_down_looks(page.items, by=by)
    return page


def listing_without_files(queryset, cursor):
    """One page of posts likewise, without renditions, for whoever reads these along with others; no look is written down."""
    posts = queryset.select_related("author", "gallery").prefetch_related(card_photos()[0])
    return page_of(posts, cursor, size=PAGE, at="created_at")


class PostsView(ConsoleView):
    """All posts, newest first, by keyset: the first page and the thousandth cost the same, and nothing is counted."""

    template_name = "community/admin/posts.html"
    page_title = _("Posts")
    header_icon = "image"

    def get_context_data(self, **kwargs):
        form = FilterForm(self.request.GET)
        form.is_valid()
        wanted = form.cleaned_data
        posts = PostPage.objects.for_cards()
        if wanted.get("team"):
            posts = posts.filter(team_state=wanted["team"])
        if wanted.get("author"):
            posts = posts.filter(author_state=wanted["author"])
        page = find_posts(wanted.get("q", ""), posts, self.request.GET.get("after", ""), size=PAGE)
        write_down_looks(page.items, by=self.request.user)
        return super().get_context_data(
            form=form,
            page=page,
            is_narrowed=any(wanted.get(name) for name in form.fields),
            may_take_down=permissions.may_take_down(self.request.user),
            **kwargs,
        )


class OnePost:
    """Finds the post of the address, by its short id."""

    header_icon = "image"

    def get_post(self):
        posts = self.with_its_own(PostPage.objects.select_related("author", "gallery"))
        post = posts.filter(short_id=self.kwargs["short_id"]).first()
        if post is None:
            raise Http404
        return post

    def with_its_own(self, posts):
        """`posts` with what else the page needs of one."""
        return posts.prefetch_related("photos", "photos__picture__renditions")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        # Before permission is asked nothing is read: dispatch asks first.
        self._post = None

    @property
    def post_page(self):
        if self._post is None:
            self._post = self.get_post()
        return self._post

    def get_page_subtitle(self):
        return self.post_page.title

    def get_success_url(self):
        return reverse("console_posts:post", args=[self.kwargs["short_id"]])


class PostView(OnePost, ConsoleView):
    """One post, read-only: picture, words, states, addresses, and what happened to it."""

    template_name = "community/admin/post.html"
    page_title = _("Post")

    def with_its_own(self, posts):
        return with_addresses(posts).prefetch_related(
            Prefetch("photos", Photo.objects.select_related("picture__original")), "photos__picture__renditions"
        )

    def get_context_data(self, **kwargs):
        post = self.post_page
        write_down_looks([post], by=self.request.user)
        return super().get_context_data(
            post=post,
            team_reason=as_read_by(self.request.user, post.team_reason, post.author),
            # Those that were taken out last: the team keeps them.
            photos=sorted(post.photos.all(), key=lambda photo: (photo.removed_at is not None, photo.position)),
            hidden_because=[flag.label for flag in HiddenBy if post.hidden_by & flag],
            addresses=list(own_addresses(post)),
            same_original=list(posts_of_same_original(post)[:20]),
            history=history_of(post, self.request.user),
            receipts=receipts_of(post, self.request.user),
            # What apps above this one offer on a post: {"label", "url"}, sent by POST.
            buttons=[button for hook in hooks.get_hooks("console_post_buttons") for button in hook(self.request, post)],
            may_take_down=permissions.may_take_down(self.request.user),
            may_erase=permissions.may_erase(self.request.user) and post.author_id != self.request.user.pk,
            may_label=permissions.may_decide_on(self.request.user, post),
            is_taken_down=post.team_state in (TeamState.TAKEN_DOWN, TeamState.HELD),
            **kwargs,
        )


class ReasonForm(forms.Form):
    """Why: the author is told."""

    reason = forms.CharField(
        label=_("Reason"), help_text=_("Its author is told this."), max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class PostChoice(forms.ModelMultipleChoiceField):
    """Posts to tick, each with whose it is."""

    def label_from_instance(self, post):
        return gettext("%(title)s, by %(author)s") % {"title": post.title, "author": post.author.username}


class TakeDownForm(ReasonForm):
    """The reason, and other people's posts of the same picture, ticked."""

    also = PostChoice(
        label=_("Other members' posts of the same picture"),
        help_text=_("They are taken down as well, with the same reason. Untick what should stay."),
        queryset=PostPage.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        if others:
            self.fields["also"].queryset = PostPage.objects.filter(pk__in=[p.pk for p in others]).select_related(
                "author"
            )
            self.fields["also"].initial = [p.pk for p in others]
        else:
            del self.fields["also"]


class TakeDownView(OnePost, ConsoleFormView):
    """Take one post down."""

    may = staticmethod(permissions.may_take_down)
    form_class = TakeDownForm
    page_title = _("Take down")
    template_name = "community/admin/take_down.html"
    button = _("Take down")
    serious = True

    def same_original(self):
        if not hasattr(self, "_same"):
            self._same = list(posts_of_same_original(self.post_page))
        return self._same

    def get_form_kwargs(self):
        others = [post for post in self.same_original() if post.author_id != self.post_page.author_id]
        return {**super().get_form_kwargs(), "others": others}

    def get_context_data(self, **kwargs):
        along = [post for post in self.same_original() if post.author_id == self.post_page.author_id]
        return super().get_context_data(post=self.post_page, taken_along=along, **kwargs)

    def form_valid(self, form):
        taken = take_down_post(
            self.post_page,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            also=form.cleaned_data.get("also") or (),
        )
        messages.success(self.request, told_of_takedown(len(taken)))
        return redirect(self.get_success_url())


class EditReasonView(OnePost, ConsoleFormView):
    """Change what the author is told."""

    may = staticmethod(permissions.may_take_down)
    form_class = ReasonForm
    page_title = _("Edit the reason")
    button = _("Save the reason")

    def get_initial(self):
        post = self.post_page
        return {"reason": as_read_by(self.request.user, post.team_reason, post.author, instead="")}

    def form_valid(self, form):
        edit_takedown_reason(self.post_page, by=self.request.user, reason=form.cleaned_data["reason"])
        messages.success(self.request, gettext("The reason is changed."))
        return redirect(self.get_success_url())


class RestoreForm(forms.Form):
    """Why it comes back, for the log."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For the team's log alone."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class RestoreView(OnePost, ConsoleFormView):
    """Bring back what the team took down."""

    may = staticmethod(permissions.may_take_down)
    form_class = RestoreForm
    page_title = _("Restore")
    button = _("Restore")

    def form_valid(self, form):
        post = restore_post(self.post_page, by=self.request.user, reason=form.cleaned_data["reason"])
        if post.is_visible:
            messages.success(self.request, gettext("Restored: everyone can see the post again."))
        else:
            messages.warning(self.request, gettext("Restored, but something else still hides the post: see below."))
        return redirect(self.get_success_url())


class BulkTakeDownView(ConsoleFormView):
    """Take the posts down that were ticked in the listing, all for one reason."""

    may = staticmethod(permissions.may_take_down)
    form_class = ReasonForm
    template_name = "community/admin/take_down_many.html"
    page_title = _("Take down posts")
    header_icon = "image"
    button = _("Take down")
    serious = True

    def chosen(self):
        short_ids = list(dict.fromkeys(self.request.GET.getlist("id")))[:BULK]
        return list(PostPage.objects.for_cards().filter(short_id__in=short_ids).order_by("-created_at", "-short_id"))

    def get_context_data(self, **kwargs):
        return super().get_context_data(posts=self.chosen(), **kwargs)

    def form_valid(self, form):
        chosen, taken = self.chosen(), set()
        if not chosen:
            messages.error(self.request, gettext("Tick the posts first."))
            return redirect("console_posts:index")
        try:
            for post in chosen:
                if post.pk not in taken:
                    down = take_down_post(post, by=self.request.user, reason=form.cleaned_data["reason"])
                    taken |= {p.pk for p in down}
        except (PermissionDenied, ValidationError) as refusal:
            # Those before it are down, each in its own transaction: say both.
            messages.error(self.request, "; ".join(getattr(refusal, "messages", [str(refusal)])))
        if taken:
            messages.success(self.request, told_of_takedown(len(taken)))
        return redirect("console_posts:index")


def told_of_takedown(count):
    """What the moderator reads after taking `count` posts down."""
    return ngettext(
        "Taken down: %(count)s post. Nobody outside the team can reach it.",
        "Taken down: %(count)s posts. Nobody outside the team can reach them.",
        count,
    ) % {"count": count}


class PostsViewSet(ViewSet):
    """The console's posts, below /admin/posts/."""

    name = "console_posts"
    url_prefix = "posts"

    def get_urlpatterns(self):
        return [
            path("", PostsView.as_view(), name="index"),
            path("take-down/", BulkTakeDownView.as_view(), name="take_down_many"),
            path("<str:short_id>/", PostView.as_view(), name="post"),
            path("<str:short_id>/take-down/", TakeDownView.as_view(), name="take_down"),
            path("<str:short_id>/reason/", EditReasonView.as_view(), name="edit_reason"),
            path("<str:short_id>/restore/", RestoreView.as_view(), name="restore"),
        ]
