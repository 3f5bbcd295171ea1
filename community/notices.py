"""What a post's author and staff are told about a post that others cannot see, or not as they think."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gallery.actions.publish_draft import check as check_publishable
from gallery.permissions import may_undo
from gallery.states import AuthorState, HiddenBy, ProcessingState, TeamState, Visibility

from .actions.file_counter_notice import may_answer_notice
from .confidential import as_read_by
from .models.users import Standing
from .time_zones import zone_of


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
        yield Notice("taken_down", _("The team took this post down"), why(post, viewer, own), "bad")
        if own and may_answer_notice(viewer, post):
            text = _("If you may show it, say so: we look at it once more.")
            yield Notice("copyright", _("Somebody claims the copyright"), text)
    elif post.team_state == TeamState.HELD:
        yield Notice("held", _("The team is looking at this post"), _("Until they decide, nobody else sees it."))
    elif post.team_state == TeamState.ERASED:
        yield Notice("erased", _("This post was erased"), _("Its pictures are gone for good."), "bad")


def why(thing, viewer, own):
    """The team's reason as `viewer` may read it: its author does, whatever staff may."""
    return thing.team_reason if own else as_read_by(viewer, thing.team_reason, thing.author)


def photos_taken_down(post, viewer, own):
    down = [photo for photo in current(post) if photo.team_state == TeamState.TAKEN_DOWN]
    if down and post.team_state == TeamState.NONE:
        yield Notice("photo", _("The team took a photo out of this post"), _("The post is shown without it."), "bad")


def author(post, viewer, own):
    if post.author_state == AuthorState.WITHDRAWN:
        heading = _("You deleted this post") if own else _("Its author deleted this post")
        text = _("Nobody else can reach it or its pictures.")
        if may_undo(viewer, post):
            text = _("Nobody else can reach it or its pictures. You can undo this until %(date)s.") % {
                "date": date_of(post.withdrawn_at + timedelta(days=settings.UNDO_DAYS))
            }
        yield Notice("withdrawn", heading, text)
    elif post.is_scheduled:
        yield scheduled(post, own)
    elif post.author_state == AuthorState.DRAFT:
        yield Notice("draft", _("This is a draft"), _("Only you see it."))


def scheduled(post, own):
    """When a scheduled post is published, or why it was not when its time came."""
    if post.scheduled_for > timezone.now():
        zone = zone_of(post.author)
        at = date_format(post.scheduled_for.astimezone(zone), "DATETIME_FORMAT")
        text = _("%(at)s (%(zone)s). Until then only you see it.") % {"at": at, "zone": zone.key}
        return Notice("scheduled", _("It is published by itself"), text)
    try:
        check_publishable([photo for photo in current(post) if photo.is_in_place], post.gallery)
    except ValidationError as why:
        return Notice("scheduled", _("It could not be published when its time came"), " ".join(why.messages), "bad")
    return Notice("scheduled", _("Its time has come"), _("It is published within a minute.") if own else "")


def hidden(post, viewer, own):
    if post.author.standing == Standing.SUSPENDED or post.hidden_by & HiddenBy.AUTHOR_SUSPENDED:
        text = _("Your posts are out of reach meanwhile.") if own else ""
        yield Notice("suspended", _("This account is suspended") if own else _("Its author is suspended"), text, "bad")
    elif post.author.standing == Standing.LEFT or post.hidden_by & HiddenBy.AUTHOR_LEFT:
        yield Notice("left", _("Its author has left"))
    if post.gallery.team_state != TeamState.NONE:
        yield Notice("gallery", _("The team took its gallery down"), why(post.gallery, viewer, own), "bad")
    elif post.gallery.author_state == AuthorState.WITHDRAWN and post.author_state != AuthorState.WITHDRAWN:
        yield Notice("gallery", _("Its gallery was deleted"))


def processing(post, viewer, own):
    if post.photos_ready or post.author_state == AuthorState.WITHDRAWN or post.team_state != TeamState.NONE:
        return
    if failures := failures_of(post):
        yield Notice("failed", _("A photo could not be processed"), " ".join(failures), "bad")
    elif is_processing(post):
        text = _("The pictures are being prepared.")
        if not post.is_draft:
            text = _(
                "The pictures are being prepared. Everyone sees the post as soon as they are ready: usually seconds."
            )
        yield Notice("processing", _("Processing"), text)


def later_photos(post, viewer, own):
    """Photos that came to a post which can be seen already: the others stay seen meanwhile."""
    if not (post.photos_ready and post.published_at) or post.author_state == AuthorState.WITHDRAWN:
        return
    if failures := failures_of(post):
        text = _("The post is shown without it. %(reasons)s") % {"reasons": " ".join(failures)}
        yield Notice("failed", _("A photo could not be processed"), text, "bad")
    if is_processing(post):
        yield Notice("processing", _("Processing"), _("A photo is being prepared. It appears as soon as it is ready."))


def failures_of(post):
    """Why photos of `post` could not be processed, in order, each reason once."""
    photos = sorted(current(post), key=lambda photo: photo.position)
    return list(dict.fromkeys(photo.failure for photo in photos if photo.state == ProcessingState.FAILED))


def current(post):
    """The photos that are in the post, from what was prefetched."""
    return [photo for photo in post.photos.all() if photo.removed_at is None]


def narrowed(post, viewer, own):
    if post.is_visible and post.effective_visibility == Visibility.UNLISTED and own:
        yield Notice("unlisted", _("Only people with the link see this post"))
    if post.is_visible and post.effective_visibility == Visibility.FOLLOWERS and own:
        yield Notice("followers", _("Only your followers see this post"))


def limited(post, viewer, own):
    if post.limited and post.is_visible:
        text = _("It is not in explore, under hashtags or in search. Followers and people with the link see it.")
        yield Notice("limited", _("The team limited this post"), text)


RULES = (team, photos_taken_down, author, hidden, processing, later_photos, narrowed, limited)


def is_processing(post):
    """Whether renditions of a photo of `post` are still being made, so that its page is worth asking for again."""
    return (
        post.author_state != AuthorState.WITHDRAWN
        and post.team_state in (TeamState.NONE, TeamState.HELD)
        and any(photo.state == ProcessingState.PENDING for photo in current(post))
    )


def date_of(moment):
    """A date as people read it, in the site's format."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
