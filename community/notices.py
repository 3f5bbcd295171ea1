"""What a post's author and staff are told about a post that others cannot see, or not as they think."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.permissions import may_undo
from gallery.states import AuthorState, HiddenBy, ProcessingState, TeamState, Visibility

from .models.users import Standing


@dataclass(frozen=True)
class Notice:
    """One notice: its kind (a word that templates know), a heading, a text, and a tone: "", "good" or "bad"."""

    kind: str
    heading: str
    text: str = ""
    tone: str = ""


def notices_for(post, viewer):
    """The notices above a post for `viewer`, who is its author or staff, in the order of their weight."""
    own = post.author_id == viewer.pk
    return [notice for rule in RULES for notice in rule(post, viewer, own)]


def team(post, viewer, own):
    if post.team_state == TeamState.TAKEN_DOWN:
        yield Notice("taken_down", _("The team took this post down"), post.team_reason, "bad")
    elif post.team_state == TeamState.HELD:
        yield Notice("held", _("The team is looking at this post"), _("Until they decide, nobody else sees it."))
    elif post.team_state == TeamState.ERASED:
        yield Notice("erased", _("This post was erased"), _("Its pictures are gone for good."), "bad")


def author(post, viewer, own):
    if post.author_state == AuthorState.WITHDRAWN:
        heading = _("You deleted this post") if own else _("Its author deleted this post")
        text = _("Nobody else can reach it or its pictures.")
        if may_undo(viewer, post):
            text = _("Nobody else can reach it or its pictures. You can undo this until %(date)s.") % {
                "date": date_of(post.withdrawn_at + timedelta(days=settings.UNDO_DAYS))
            }
        yield Notice("withdrawn", heading, text)
    elif post.author_state in (AuthorState.DRAFT, AuthorState.SCHEDULED):
        yield Notice("draft", _("This is a draft"), _("Only you see it."))


def hidden(post, viewer, own):
    if post.author.standing == Standing.SUSPENDED or post.hidden_by & HiddenBy.AUTHOR_SUSPENDED:
        text = _("Your posts are out of reach meanwhile.") if own else ""
        yield Notice("suspended", _("This account is suspended") if own else _("Its author is suspended"), text, "bad")
    elif post.author.standing == Standing.LEFT or post.hidden_by & HiddenBy.AUTHOR_LEFT:
        yield Notice("left", _("Its author has left"))
    if post.gallery.team_state != TeamState.NONE:
        yield Notice("gallery", _("The team took its gallery down"), post.gallery.team_reason, "bad")
    elif post.gallery.author_state == AuthorState.WITHDRAWN and post.author_state != AuthorState.WITHDRAWN:
        yield Notice("gallery", _("Its gallery was deleted"))


def processing(post, viewer, own):
    if post.photos_ready or post.author_state == AuthorState.WITHDRAWN or post.team_state != TeamState.NONE:
        return
    photos = post.photos.all()
    failures = [photo.failure for photo in photos if photo.state == ProcessingState.FAILED]
    if failures:
        yield Notice("failed", _("A photo could not be processed"), " ".join(dict.fromkeys(failures)), "bad")
    elif is_processing(post):
        yield Notice(
            "processing",
            _("Processing"),
            _("The pictures are being prepared. Everyone sees the post as soon as they are ready: usually seconds."),
        )


def link_only(post, viewer, own):
    if post.is_visible and post.effective_visibility == Visibility.UNLISTED and own:
        yield Notice("unlisted", _("Only people with the link see this post"))


RULES = (team, author, hidden, processing, link_only)


def is_processing(post):
    """Whether renditions of `post` are still being made, so that its page is worth asking for again."""
    return (
        not post.photos_ready
        and post.author_state == AuthorState.PUBLISHED
        and post.team_state == TeamState.NONE
        and any(photo.state != ProcessingState.FAILED for photo in post.photos.all())
        and not any(photo.state == ProcessingState.FAILED for photo in post.photos.all())
    )


def date_of(moment):
    """A date as people read it, in the site's format."""
    from django.utils.formats import date_format

    return date_format(moment, "DATE_FORMAT")
