"""What community keeps of a post that is erased by order, and destroys with it: see `gallery.erasing`.

Reports and what was frozen of it, receipts (which keep hashes), exports of its author's that hold it, profile pictures of the
same file. Comments, likes, saves, mentions and notifications go with the post's row.
"""

from django.db.models import Q

from gallery import erasing
from gallery.models import Erasure
from gallery.states import TeamState

from .actions.erase_account import erase_avatar
from .actions.take_down_avatar import take_down_avatar
from .exports import delete_export
from .models import Avatar, Case, Decision, Export, Receipt, Report
from .receipts import forget


def forget_post(post):
    """In the transaction that deletes the rows of `post`."""
    about = Case.objects.filter(Q(post=post) | Q(kind=Case.Kind.POST, about=post.short_id) | Q(comment__post=post))
    cases = list(about.values_list("pk", flat=True))
    Report.objects.filter(case__in=cases).update(text="", details={})
    Decision.objects.filter(case__in=cases).update(note="")
    # A takedown of all posts goes on knowing what it took down: its row names no post.
    Decision.objects.filter(case__in=cases).exclude(act=Decision.Act.TAKE_ALL).update(changed={})
    Case.objects.filter(pk__in=cases).update(frozen={"erased": True}, tokens="")
    Case.objects.filter(pk__in=cases, kind=Case.Kind.POST).update(about=Erasure.digest(post.short_id)[:30])
    forget(Receipt.objects.filter(post=post))
    for export in Export.objects.filter(user=post.author):
        delete_export(export)


def uses_file(original, author):
    """Whether somebody but `author` has the file as a profile picture now."""
    shown = Avatar.objects.current().filter(picture__original=original, team_state=TeamState.NONE)
    return shown.exclude(user=author).exists()


def forget_file(original, *, by, reason):
    """Destroy every profile picture of this file."""
    for avatar in Avatar.objects.filter(picture__original=original).select_related("user", "picture__original"):
        if avatar.team_state == TeamState.NONE and avatar.removed_at is None:
            take_down_avatar(avatar, by=by, reason=reason)
        forget(Receipt.objects.filter(kind=Receipt.Kind.AVATAR, reference=str(avatar.pk)))
        if not erase_avatar(avatar, avatar.user):
            raise OSError(f"The files of profile picture {avatar.pk} could not be deleted.")


def register():
    erasing.register(forget_post=forget_post, uses_file=uses_file, forget_file=forget_file)
