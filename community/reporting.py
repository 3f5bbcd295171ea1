"""What reports and their cases have in common: what can be reported, by whom, and the open case that a report joins."""

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from .freezing import freeze, tokens_of
from .models import Case
from .models.cases import URGENCY, Category, Queue
from .tasks import find_look_alikes_of_cases
from .visibility import comments_for, members_for, posts_for

# Categories with a queue of their own.
QUEUES = {Category.CHILD_SAFETY: Queue.CHILD_SAFETY, Category.COPYRIGHT: Queue.COPYRIGHT}
MOST_TRIES = 5


def queue_of(category):
    return QUEUES.get(category, Queue.GENERAL)


def whose(kind, thing):
    """The member whom a report on `thing` is about."""
    return thing if kind == Case.Kind.PROFILE else thing.author


def name_of(kind, thing):
    """What `thing` is called in its cases: its short id, its key, or its username."""
    return getattr(thing, {Case.Kind.POST: "short_id", Case.Kind.COMMENT: "key", Case.Kind.PROFILE: "username"}[kind])


def is_seen(kind, thing, viewer):
    """Whether `viewer` (None: a visitor) sees `thing`, with its words: nobody reports what they cannot see."""
    viewer = viewer or AnonymousUser()
    if kind == Case.Kind.POST:
        return posts_for(viewer).filter(pk=thing.pk).exists()
    if kind == Case.Kind.PROFILE:
        return members_for(viewer).filter(pk=thing.pk).exists()
    return (
        thing.is_standing
        and comments_for(viewer).filter(pk=thing.pk).exists()
        and posts_for(viewer).filter(pk=thing.post_id).exists()
    )


def open_review(post):
    """The open case in which staff look at a post that shows a picture which was taken down elsewhere. In a transaction."""
    return case_for(Case.Kind.POST, post, Category.OTHER, queue=Queue.REVIEW)


def case_for(kind, thing, category, *, queue=None):
    """The open case about `thing` in the queue of `category`, locked; a new one, with `thing` frozen, where there is none.

    Inside a transaction. Two who report at once join one case: the constraint refuses the second, who takes the first's.
    """
    queue = queue or queue_of(category)
    facts = {
        "about": name_of(kind, thing),
        "category": category,
        "urgency": URGENCY[category],
        "member": whose(kind, thing),
        "holds_evidence": queue == Queue.CHILD_SAFETY,
    }
    if kind != Case.Kind.PROFILE:
        facts[str(kind)] = thing
    if kind == Case.Kind.POST:
        facts["alike_due_at"] = timezone.now()
    # A member may have another username than when the case was opened.
    same = {"member": thing} if kind == Case.Kind.PROFILE else {"about": facts["about"]}
    for _attempt in range(MOST_TRIES):
        cases = Case.objects.open().select_for_update(of=("self",))
        if found := cases.filter(kind=kind, queue=queue, **same).first():
            return found
        try:
            with transaction.atomic():
                frozen = freeze(kind, thing)
                facts |= {"frozen": frozen, "tokens": tokens_of(frozen)}
                case = Case.objects.create(kind=kind, queue=queue, **facts)
                if case.alike_due_at:
                    find_look_alikes_of_cases.enqueue()
                return case
        except IntegrityError:
            continue  # somebody else opened it while we looked; it may even be closed again
    raise RuntimeError(f"The case of {kind} {facts['about']} was opened and closed over and over.")


def take_urgency(case, category):
    """Give a locked `case` the `category` where that is more urgent than its own; saves nothing."""
    if URGENCY[category] < case.urgency:
        case.category, case.urgency = category, URGENCY[category]
