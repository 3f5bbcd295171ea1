"""Comments: removed by their author or the post's, taken down by the team, and back."""

from django.db import transaction

from community.models import Comment
from community.models.comments import Mention
from community.talking import count, forget_all_about, lock_comment
from gallery.states import TeamState

from . import Unknown
from .posts import words_for


def change(entry, columns):
    """Set `columns` of the comment of an entry, with the numbers that follow. Raises Unknown."""
    comment = Comment.objects.filter(key=entry.state["comment"]).first()
    if comment is None:
        raise Unknown
    with transaction.atomic():
        comment = lock_comment(comment)
        stood = comment.is_standing
        for name, value in columns.items():
            setattr(comment, name, value)
        comment.removed_at = None if comment.is_standing else comment.removed_at or entry.at
        comment.save(update_fields=[*columns, "removed_at"])
        if comment.is_standing != stood:
            count(comment, 1 if comment.is_standing else -1)
        if not comment.is_standing:
            forget_all_about(comment)
    return comment


def remove(entry):
    comment = change(entry, {"removed_by": entry.state["removed_by"]})
    Mention.objects.filter(comment=comment).delete()


def set_team_state(entry):
    state = entry.state["team_state"]
    change(entry, {"team_state": state, "team_reason": "" if state == TeamState.NONE else words_for(entry)})


REPLAYED = {
    "comment.removed": (remove, "removed", ("comment",)),
    "comment.taken_down": (set_team_state, "team", ("comment",)),
    "comment.restored": (set_team_state, "team", ("comment",)),
}
