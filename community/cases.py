"""Cases as staff read them: which of them somebody sees, in which order, how one is found, and who has it in hand."""

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, IntegerField, OuterRef, Q, Value
from django.utils import timezone

from gallery import text
from gallery.actions.take_down_post import posts_of_same_original
from gallery.hashtags import folded_name
from gallery.keyset import By, page_in
from gallery.models import PostHashtag
from gallery.models.hashtags import NUMBER_SIGNS
from gallery.tokens import Holds

from .models import Case, Decision, Report
from .models.cases import ProfilePart, Queue
from .permissions import may_handle_child_safety, may_see_cases

URGENT_FIRST = (By("urgency", int, False), By("opened_at", datetime, False), By("key", str, False))
CLOSED_LAST = (By("closed_at", datetime), By("key"))
# Base-58, ten characters: alone, or in a pasted address.
SHORT_ID = re.compile(r"(?:^|[/#-])([1-9A-HJ-NP-Za-km-z]{10})(?:[/?#]|$)")
SIMILAR = 12  # posts of the same picture that a case shows
MOST = 50  # decisions that a page shows


def cases_for(staff):
    """The cases that `staff` may see. Those of child safety are for administrators, and those about oneself for others:
    whoever may not see them finds none, under no address, in no list and in no number."""
    if not may_see_cases(staff):
        return Case.objects.none()
    cases = Case.objects.exclude(member=staff.pk)
    return cases if may_handle_child_safety(staff) else cases.exclude(queue=Queue.CHILD_SAFETY)


def reported_by(staff):
    """A condition on cases: `staff` is among those who reported it. They see it, and somebody else decides."""
    return Exists(Report.objects.filter(case=OuterRef("pk"), reporter=staff.pk))


def page_of_cases(cases, cursor="", *, size, closed=False):
    """One page of `cases`: open ones by urgency and age, closed ones the last closed first. One query; nothing is counted."""
    cases = cases.filter(closed_at__isnull=not closed).select_related("member", "claimed_by")
    return page_in(((cases, order_of(closed)),), cursor, size=size)


def order_of(closed):
    return CLOSED_LAST if closed else URGENT_FIRST


def next_case(staff, *, but=None):
    """The open case that waits for `staff`: theirs before those that nobody has, by urgency and age; None without one."""
    order = [f"-{by.name}" if by.descending else by.name for by in URGENT_FIRST]
    waiting = cases_for(staff).open().exclude(pk=but.pk if but else None).exclude(reported_by(staff))
    waiting = waiting.exclude(Exists(Decision.objects.filter(case=OuterRef("pk"), state=Decision.State.PROPOSED)))
    mine = waiting.filter(claimed_by=staff.pk, claimed_at__gte=lapsed_before()).order_by(*order).first()
    return mine or waiting.filter(unclaimed()).order_by(*order).first()


# --- Finding ----------------------------------------------------------------------------------------------------------


def find_cases(query, cases):
    """The part of `cases` that a moderator means: by "@ana", "#dawn", a reference or an address, or words of a caption."""
    query = query.replace("\x00", "").strip()
    if not query:
        return cases
    if query.startswith("@"):
        return cases.filter(member__username=query[1:].lower())
    if query[0] in NUMBER_SIGNS:
        return cases.filter(Exists(PostHashtag.objects.filter(post=OuterRef("post"), hashtag__name=folded_name(query))))
    if references := SHORT_ID.findall(query):
        found = by_reference(references[-1])  # the host of an address may look like one as well
        if found or "/" in query:
            return cases.filter(pk__in=found)
    return by_words(query, cases)


def by_reference(reference):
    """Primary keys of the cases with this reference, with a report of it, or about the post or the comment of it."""
    about_post, about_comment = (
        Case.objects.filter(post__short_id=reference),
        Case.objects.filter(comment__key=reference),
    )
    found = (
        Case.objects.filter(key=reference)
        .values_list("pk")
        .union(
            Report.objects.filter(key=reference).values_list("case"),
            about_post.values_list("pk"),
            about_comment.values_list("pk"),
            all=True,
        )
    )
    return [key for (key,) in found]


def by_words(query, cases):
    """Cases whose words, as they were reported or as they are in the post now, hold every word that was typed."""
    words = text.tokens(query)
    return cases.filter(Holds("tokens", words)) if words else cases.none()


# --- In whose hands -----------------------------------------------------------------------------------------------------


def lapsed_before():
    """A claim from before this moment counts no longer."""
    return timezone.now() - timedelta(minutes=settings.CASE_CLAIM_MINUTES)


def unclaimed():
    """Nobody has it in hand: a condition on cases."""
    return Q(claimed_by__isnull=True) | Q(claimed_at__lt=lapsed_before())


def holder_of(case):
    """The member of the staff who has `case` in hand, or None: a claim lapses by itself."""
    if case.claimed_by_id is None or case.claimed_at is None or case.claimed_at < lapsed_before():
        return None
    return case.claimed_by


# --- What belongs to a case ---------------------------------------------------------------------------------------------


def thing_of(case):
    """What `case` is about as it is now: a post, a comment or a member; None for what was erased."""
    return {Case.Kind.POST: case.post, Case.Kind.COMMENT: case.comment, Case.Kind.PROFILE: case.member}[case.kind]


def parts_reported(case):
    """Of a case about a profile: the parts that its reports say that they are about; picture and words
    where none says so: a name is rarely what is wrong. One query."""
    said = case.reports.filter(details__parts__isnull=False).values_list("details__parts", flat=True)[:MOST]
    found = {part for parts in said for part in parts}
    return [part for part in ProfilePart.values if part in found] or [ProfilePart.PICTURE, ProfilePart.WORDS]


def similar_to(case):
    """Other posts with the picture of the post that `case` is about, whoever's: a list of posts with their authors."""
    return list(posts_of_same_original(case.post)[:SIMILAR]) if case.post else []


def decisions_for(case, staff):
    """(decisions on this case and on others about the same thing, decisions about its member), each the newest first, as
    far as `staff` may see them. One query."""
    same = Q(pk=case.pk)
    if thing := thing_of(case):
        column = "member" if case.kind == Case.Kind.PROFILE else str(case.kind)
        same |= Q(kind=case.kind, **{column: thing.pk})
    # As rows of one union: for "these or those" PostgreSQL would read the whole table.
    on_it = Q(case__in=Case.objects.filter(same).values("pk"))
    theirs = Q(member=case.member_id) if case.member_id else Q(pk__in=[])
    parts = [
        visible_decisions(Decision.objects.filter(which), staff).annotate(on_it=Value(number, IntegerField()))
        for which, number in ((on_it, 1), (theirs, 0))
    ]
    # Those on the case first: however many there are about the member, these are all there.
    both = list(parts[0].union(parts[1], all=True).order_by("-on_it", "-made_at", "-key")[: 2 * MOST])
    on_case = [made for made in both if made.on_it]
    about_member = {made.pk: made for made in both if case.member_id and made.member_id == case.member_id}
    return on_case[:MOST], sorted(about_member.values(), key=newest, reverse=True)[:MOST]


def newest(decision):
    return decision.made_at, decision.key


def decisions_about(member, staff):
    """Decisions about `member` and what is theirs, the newest first, that `staff` may see."""
    return list(visible_decisions(Decision.objects.filter(member=member), staff).order_by("-made_at", "-key")[:MOST])


def visible_decisions(decisions, staff):
    """Without those about `staff`, and without those of child safety where `staff` may not know of any; with who made them,
    and their cases."""
    decisions = decisions.exclude(member=staff.pk)
    if not may_handle_child_safety(staff):
        decisions = decisions.exclude(case__queue=Queue.CHILD_SAFETY)
    return decisions.select_related("by", "second", "case")


def strikes_of(decisions):
    """How many of these decisions count against their member now."""
    now = timezone.now()
    return sum(1 for made in decisions if made.is_in_force and made.strike_until and made.strike_until > now)
