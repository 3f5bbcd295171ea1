"""Notifications in words, and where they lead. One place for the page and for mails."""

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .guidelines import rule_of
from .hidden_words import hides, needles_of
from .models.notifications import Kind
from .templatetags.people import display_name

# What happened, with {who} for who did it. Who is one person or more: words that fit both.
WORDS = {
    Kind.FOLLOW: gettext_lazy("{who} follows you now."),
    Kind.REQUEST: gettext_lazy("{who} asks to follow you."),
    Kind.ACCEPTED: gettext_lazy("{who} lets you follow them."),
    Kind.COMMENT: gettext_lazy("{who} commented on your post."),
    Kind.REPLY: gettext_lazy("{who} replied to your comment."),
    Kind.SUGGESTION: gettext_lazy("{who} suggests a description of your photo."),
}
# What the team decided, by the act that was written down and by what it was about.
DECISIONS = {
    ("take_down", "post"): gettext_lazy("The team took your post down."),
    ("take_down", "gallery"): gettext_lazy("The team took your gallery down."),
    ("take_down", "picture"): gettext_lazy("The team took your profile picture down."),
    ("erase", "post"): gettext_lazy("The team erased a post of yours for good."),
    ("erase", "photo"): gettext_lazy("The team erased a photo of your post for good."),
    ("take_down", "photo"): gettext_lazy("The team took a photo out of your post."),
    ("take_down", "name"): gettext_lazy("The team took the name of your gallery down."),
    ("take_down", "profile"): gettext_lazy("The team took down what you say of yourself."),
    ("take_down", "member_name"): gettext_lazy("The team took your name down: your username stands there."),
    ("restore", "member_name"): gettext_lazy("The team gave you your name back."),
    ("take_down", "comment"): gettext_lazy("The team removed your comment."),
    ("hold", "post"): gettext_lazy("A picture of your post waits for the team."),
    ("hold", "picture"): gettext_lazy("Your profile picture waits for the team."),
    ("let_through", "picture"): gettext_lazy("The team looked at your profile picture: it may be shown."),
    ("let_through", "post"): gettext_lazy("The team looked at a picture of your post: it may be shown."),
    ("confirm_match", "post"): gettext_lazy("The team took a picture out of your post."),
    ("restore", "post"): gettext_lazy("The team brought your post back."),
    ("restore", "gallery"): gettext_lazy("The team brought your gallery back."),
    ("restore", "picture"): gettext_lazy("The team brought your profile picture back."),
    ("restore", "photo"): gettext_lazy("The team brought a photo of your post back."),
    ("restore", "name"): gettext_lazy("The team gave your gallery its name back."),
    ("restore", "profile"): gettext_lazy("The team brought back what you say of yourself."),
    ("restore", "comment"): gettext_lazy("The team brought your comment back."),
    ("edit_reason", "post"): gettext_lazy("The team changed the reason why your post was taken down."),
    ("edit_reason", "gallery"): gettext_lazy("The team changed the reason why your gallery was taken down."),
    ("limit", "post"): gettext_lazy("The team limited your post: it is not in explore, under hashtags or in search."),
    ("unlimit", "post"): gettext_lazy("Your post is no longer limited."),
    ("label_sensitive", "post"): gettext_lazy("The team marked your post as sensitive."),
    ("unlabel_sensitive", "post"): gettext_lazy("The team no longer marks your post as sensitive."),
    ("undo", "decision"): gettext_lazy("The team took back what it had decided about you or what is yours."),
    ("appeal_upheld", "decision"): gettext_lazy("The team answered your appeal: the decision stands."),
    ("appeal_overturned", "decision"): gettext_lazy("The team answered your appeal: the decision is undone."),
    ("take_down_all", "member"): gettext_lazy("The team took all your posts down."),
    ("restore_all", "member"): gettext_lazy("The team brings back your posts that it took down together."),
    ("warn", "member"): gettext_lazy("The team warned you."),
    ("suspend", "member"): gettext_lazy("Your account is suspended."),
    ("lift_suspension", "member"): gettext_lazy("Your account is no longer suspended."),
    ("answer_report", "post"): gettext_lazy("The team answers your report of a post."),
    ("answer_report", "comment"): gettext_lazy("The team answers your report of a comment."),
    ("answer_report", "profile"): gettext_lazy("The team answers your report of a member."),
}
# These lead to the list of decisions about oneself, where one appeals.
OF_DECISIONS = {
    ("undo", "decision"),
    ("appeal_upheld", "decision"), ("appeal_overturned", "decision"), ("warn", "member"), ("suspend", "member"),
    ("take_down_all", "member"), ("restore_all", "member"),
    ("take_down", "comment"), ("take_down", "profile"), ("take_down", "member_name"),
}  # fmt: skip
EXCERPT = 140  # characters of a comment


def in_words(row):
    """A notification in one sentence, as plain text."""
    return plain(sentence(row), who=who_of(row, display_name, plain))


def in_html(row):
    """The same as HTML, names in bold and each in its own direction."""

    def name(member):
        return format_html("<strong><bdi>{}</bdi></strong>", display_name(member))

    return format_html(str(sentence(row)), who=who_of(row, name, lambda words, **names: format_html(words, **names)))


def plain(words, **names):
    """`words` with names put in."""
    return str(words).format(**names)


def who_of(row, name, fill):
    """Who did it: one, two, or one and how many others. `name` writes one member, `fill` puts names into words."""
    people = [name(member) for member in row.people]
    if not people:
        return _("PixlPix")
    if row.others:
        return fill(
            ngettext("{first} and {count} other", "{first} and {count} others", row.others + len(people) - 1),
            first=people[0],
            count=row.others + len(people) - 1,
        )
    if len(people) == 2:
        return fill(_("{first} and {second}"), first=people[0], second=people[1])
    return people[0]


def sentence(row):
    """The words of a notification, with {who} where who did it goes."""
    if row.kind in (Kind.LIKE, Kind.COMMENT_LIKE):
        many = row.others + len(row.people)
        if row.kind == Kind.LIKE:
            return ngettext("{who} likes your post.", "{who} like your post.", many)
        return ngettext("{who} likes your comment.", "{who} like your comment.", many)
    if row.kind == Kind.MENTION:
        return _("{who} mentioned you in a comment.") if row.comment else _("{who} mentioned you in a caption.")
    if row.kind == Kind.GALLERY:
        return gallery_sentence(row)
    if row.kind == Kind.PROMPT:
        return _("The winners of a prompt are chosen.") if not row.post else _("Your post is among a prompt's winners.")
    if row.kind == Kind.MODERATION:
        decision = (row.details.get("act"), row.details.get("thing"))
        return DECISIONS.get(decision, _("The team decided about something of yours."))
    return WORDS[row.kind]


def gallery_sentence(row):
    """About shared galleries, by `details["act"]`."""
    return {
        "invited": _("{who} invites you to share a gallery."),
        "joined": _("{who} shares in your gallery now."),
        "added": _("{who} added a post to your shared gallery."),
        "passed": _("A shared gallery is yours now: its owner has left."),
    }.get(row.details.get("act"), _("There is news about a shared gallery."))


def quoted(row):
    """What somebody wrote, of which the notification tells: the comment's beginning, or the team's reason. Plain text.

    Nothing of a comment that the member's hidden words fold away where it stands.
    """
    if row.kind == Kind.MODERATION:
        return row.details.get("reason", "")
    if row.kind in (Kind.GALLERY, Kind.PROMPT):
        page = row.gallery or row.prompt
        return page.title if page else ""
    text = row.comment.text if row.comment else ""
    if row.kind != Kind.COMMENT_LIKE and hides(needles_of(row.hidden_words), text):
        return ""
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"


def rule_told(row):
    """The guidelines.Rule that a notification of a decision names; None where it names none."""
    return rule_of(row.details.get("rule", "")) if row.kind == Kind.MODERATION else None


def leads_to(row):
    """The address (a path) of what a notification is about."""
    if row.kind == Kind.REQUEST:
        return named("requests") or row.actor.get_absolute_url()
    if row.kind == Kind.MODERATION and row.details.get("report"):
        return reverse("report_answer", args=[row.details["report"]])
    if row.kind == Kind.MODERATION and (row.details.get("act"), row.details.get("thing")) in OF_DECISIONS:
        return reverse("decisions")
    if row.kind == Kind.MODERATION and not (row.post or row.gallery):
        return reverse("picture") if row.details.get("thing") == "picture" else reverse("settings")
    if row.kind == Kind.PROMPT and row.prompt and not row.post:
        return row.prompt.get_url() or reverse("notifications")
    if row.post:
        return leads_to_comment(row) if row.comment and row.kind != Kind.MODERATION else row.post.address()
    if row.gallery:
        return row.gallery.address()
    return row.actor.get_absolute_url() if row.actor else reverse("notifications")


def leads_to_comment(row):
    """The address of a comment: on whichever page of the conversation it stands."""
    return f"{reverse('comment', args=[row.post.short_id, row.comment.key])}#c-{row.comment.key}"


def named(name):
    """The address called `name`, or nothing where there is none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
