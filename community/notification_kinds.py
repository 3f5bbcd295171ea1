"""Where members hear of each kind of notification: what is usual, and what they chose instead."""

from dataclasses import dataclass

from .models.notifications import Kind


@dataclass(frozen=True)
class Choice:
    """Whether a kind stands in the list on the site (`app`), and whether it is mailed by itself (`email`)."""

    app: bool
    email: bool

    @property
    def nowhere(self):
        return not self.app and not self.email


# What is usual, until a member chooses otherwise. Mail is for what waits for an answer or cannot be found again by
# looking around; a mail for everything would be the notifications that nobody wants.
USUAL = {
    Kind.FOLLOW: Choice(app=True, email=False),
    Kind.REQUEST: Choice(app=True, email=True),  # somebody waits for an answer
    Kind.ACCEPTED: Choice(app=True, email=False),
    Kind.LIKE: Choice(app=True, email=False),
    Kind.COMMENT_LIKE: Choice(app=True, email=False),
    Kind.COMMENT: Choice(app=True, email=True),  # somebody speaks to them
    Kind.REPLY: Choice(app=True, email=True),
    Kind.MENTION: Choice(app=True, email=True),
    Kind.SUGGESTION: Choice(app=True, email=False),
    Kind.GALLERY: Choice(app=True, email=True),  # an invitation waits for an answer
    Kind.PROMPT: Choice(app=True, email=False),
    Kind.MODERATION: Choice(app=True, email=True),
}
# Who is affected by a decision of the team must learn of it, and of the reason, whatever they chose.
FIXED = frozenset({Kind.MODERATION})
# Of these there is one unread notification for one thing, however many people did it.
GROUPED = frozenset({Kind.LIKE, Kind.COMMENT_LIKE})


def choice_of(kind, chosen):
    """The Choice for `kind` of a member whose Profile.notification_choices is `chosen`."""
    usual = USUAL[kind]
    own = chosen.get(kind, {}) if kind not in FIXED else {}
    return Choice(app=bool(own.get("app", usual.app)), email=bool(own.get("email", usual.email)))


def differing(choices):
    """What to keep of {kind: Choice} in Profile.notification_choices: only where it differs from what is usual."""
    return {
        str(kind): {"app": choice.app, "email": choice.email}
        for kind, choice in choices.items()
        if kind not in FIXED and choice != USUAL[kind]
    }
