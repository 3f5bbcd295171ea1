"""Prompts and their entries as people see them. What is not public any more is not shown, and counts for nobody."""

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from gallery.keyset import By, page_in

from .lists import POSTS_A_PAGE
from .models import PromptEntry, PromptPage
from .visibility import discoverable_for, posts_for

ENTERED = (By("entered_at", datetime), By("post__short_id"))
STARTED = (By("starts_at", datetime), By("slug"))
AHEAD = 12  # running and coming prompts that a page shows
A_YEAR = 24  # past prompts of one page of the calendar
OF_A_MEMBER = 3  # newest prompts that a member won, on their page


def with_covers(prompts):
    return prompts.select_related("cover").prefetch_related("cover__renditions")


def running_and_coming():
    """(prompts that run, prompts that come), what is nearest first, with covers. 2 queries, and 1 each for covers."""
    running = with_covers(PromptPage.objects.running()).order_by("ends_at", "pk")[:AHEAD]
    return list(running), list(with_covers(PromptPage.objects.coming()).order_by("starts_at", "pk")[:AHEAD])


def past(cursor=""):
    """One keyset page of past prompts, those that started last first, with covers. 1 query, and 1 for covers."""
    return page_in([(with_covers(PromptPage.objects.past()), STARTED)], cursor, size=A_YEAR)


def entries_of(prompt, viewer, cursor=""):
    """One keyset page of the entries of `prompt` that `viewer` is shown, newest first, but for winners that stand before
    them. PromptEntry with post, author and gallery, without photos. 1 query."""
    entries = shown(prompt, viewer)
    if prompt.results_at:
        entries = entries.filter(place__isnull=True)
    return page_in([(entries, ENTERED)], cursor, size=POSTS_A_PAGE)


def winners_of(prompt, viewer):
    """The winning entries, the first place first, once they are announced. 1 query, or none."""
    if not prompt.results_at:
        return []
    return list(shown(prompt, viewer).filter(place__isnull=False).order_by("place"))


def shown(prompt, viewer):
    entries = PromptEntry.objects.filter(prompt=prompt, post__in=discoverable_for(viewer).values("pk"))
    return entries.select_related("post__author", "post__gallery")


def prompts_of(post, *, own):
    """The prompts that `post` is entered in, with `entered` and the `place` that it won; for its author those too that run
    and in which they may enter it. 1 query."""
    theirs = PromptEntry.objects.filter(prompt=OuterRef("pk"), post__author=post.author_id)
    entry = theirs.filter(post=post)
    full = theirs.order_by("pk").values("pk")[settings.PROMPT_ENTRIES - 1 : settings.PROMPT_ENTRIES]
    wanted = Q(entered=True)
    if own:
        now = timezone.now()
        wanted |= Q(starts_at__lte=now, ends_at__gt=now, full=False)
    prompts = PromptPage.objects.live().annotate(
        entered=Exists(entry), place=Subquery(entry.values("place")[:1]), full=Exists(full)
    )
    return list(prompts.filter(wanted).order_by("-starts_at", "pk")[:AHEAD])


def with_won(members, viewer):
    """The queryset `members`, each with `won_0` ...: what they won, newest first, as far as `viewer` is shown the posts, as
    text for `won_by`, or None. No query of its own: a member's page has none to spare.
    """
    entries = PromptEntry.objects.filter(
        place__isnull=False,
        prompt__live=True,
        prompt__results_at__isnull=False,
        post__author=OuterRef("pk"),
        post__in=posts_for(viewer).listed().values("pk"),
    ).order_by("-prompt__results_at", "place")
    facts = Concat(
        Cast("place", TextField()),
        Value("/"),
        "post__gallery__gallery_slug",
        Value("/"),
        "post__short_id",
        Value("/"),
        "prompt__title",
        output_field=TextField(),
    )
    return members.annotate(**{f"won_{n}": Subquery(entries.values(fact=facts)[n : n + 1]) for n in range(OF_A_MEMBER)})


def won_by(member):
    """What `member`, from `with_won`, won: dictionaries with title, place and the post's address."""
    found = (getattr(member, f"won_{n}", None) for n in range(OF_A_MEMBER))
    won = []
    for place, gallery, short_id, title in (facts.split("/", 3) for facts in found if facts):
        url = reverse("post", args=[member.username, gallery, short_id])
        won.append({"title": title, "place": int(place), "url": url})
    return won
