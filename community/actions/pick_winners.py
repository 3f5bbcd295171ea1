"""Pick the winners of a prompt once it is over, one place after the other, and announce them."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down_staff

from ..models import PromptEntry, PromptPage
from ..models.notifications import Kind
from ..notifying import notify
from ..permissions import may_pick_winners
from ..visibility import posts_for


def choose_winner(prompt, post, *, by):
    """Give the entry `post` the next place, 1 for the first; returns the PromptEntry.

    Raises PermissionDenied, or ValidationError for one's own post, one that not everyone can see, one that is not entered,
    and before the prompt is over or after its winners were announced.
    """
    with transaction.atomic():
        prompt = locked(prompt, by=by)
        if post.author_id == by.pk:
            raise ValidationError(_("Nobody picks their own posts."))
        entries = PromptEntry.objects.filter(prompt=prompt)
        entry = entries.filter(post=post).first()
        if entry is None or not posts_for(by).discoverable().filter(pk=post.pk).exists():
            raise ValidationError(_("This post is not among the entries any more."))
        if entry.place is None:
            entry.place = (entries.aggregate(last=Max("place"))["last"] or 0) + 1
            entry.chosen_by = by
            entry.save(update_fields=["place", "chosen_by"])
            write_down_staff(post, "pixlpix.choose_winner", by=by, prompt=prompt.slug, place=entry.place)
    return entry


def unchoose_winner(prompt, post, *, by):
    """Take the place of the entry `post` back; those behind it move up. Raises as `choose_winner`."""
    with transaction.atomic():
        prompt = locked(prompt, by=by)
        placed = list(PromptEntry.objects.filter(prompt=prompt, place__isnull=False).order_by("place", "pk"))
        gone = [entry for entry in placed if entry.post_id == post.pk]
        for entry in gone:
            entry.place = entry.chosen_by = None
            write_down_staff(post, "pixlpix.unchoose_winner", by=by, prompt=prompt.slug)
        for place, entry in enumerate((entry for entry in placed if entry not in gone), start=1):
            entry.place = place
        PromptEntry.objects.bulk_update(placed, ["place", "chosen_by"])
    return bool(gone)


def announce_winners(prompt, *, by):
    """Let everyone know the winners, and tell each of them; returns the prompt. Raises as `choose_winner`."""
    with transaction.atomic():
        prompt = locked(prompt, by=by)
        entries = PromptEntry.objects.filter(prompt=prompt, place__isnull=False).select_related("post__author")
        winners = list(entries.order_by("place"))
        if not winners:
            raise ValidationError(_("Pick a winner first."))
        prompt.results_at = timezone.now()
        PromptPage.objects.filter(pk=prompt.pk).update(results_at=prompt.results_at)
        for entry in winners:
            notify(Kind.PROMPT, entry.post.author, post=entry.post, prompt=prompt, place=entry.place)
        write_down_staff(prompt, "pixlpix.announce_winners", by=by, winners=len(winners))
    return prompt


def locked(prompt, *, by):
    """The prompt as it is now, locked, if `by` may still pick its winners."""
    if not may_pick_winners(by):
        raise PermissionDenied(_("Only curators and administrators pick winners."))
    prompt = PromptPage.objects.select_for_update(of=("self",)).get(pk=prompt.pk)
    if not prompt.is_over:
        raise ValidationError(_("This prompt is not over yet."))
    if prompt.results_at is not None:
        raise ValidationError(_("The winners are announced already."))
    return prompt
