"""What the blocks of a page show of members' things: asked for anew at each view, so that nothing stays that was withdrawn.

A page keeps keys alone. `shown_in` gathers those of all blocks, asks `community.visibility` what of it the viewer may be
shown, and hands it to the blocks: in a number of queries that does not grow with them.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import OuterRef, Q, Subquery

from community.lists import with_photos
from community.models import PromptEntry, PromptPage
from community.prompting import with_covers
from community.visibility import featured_for, galleries_for, members_for, without_muted
from gallery.models import Hashtag, PostHashtag
from gallery.states import Visibility

NEWEST = 6  # posts that stand for a gallery, a member, a prompt or a hashtag


def featurable_members(viewer):
    """The members whom the site may put forward to `viewer`."""
    return without_muted(members_for(viewer), viewer, "pk").filter(featurable=True)


def featurable_galleries(viewer):
    """The galleries that the site may put forward to `viewer`: public ones of such members."""
    galleries = without_muted(galleries_for(viewer), viewer, "author")
    return galleries.filter(visibility=Visibility.PUBLIC, author__featurable=True)


@dataclass
class Shown:
    """What `viewer` is shown by the blocks of one page, by the keys that these keep."""

    posts: dict = field(default_factory=dict)  # short id → post
    galleries: dict = field(default_factory=dict)  # primary key → gallery, with `newest`, a list of posts
    members: dict = field(default_factory=dict)  # likewise
    prompts: dict = field(default_factory=dict)  # likewise; None → the one that runs and ends first
    hashtags: dict = field(default_factory=dict)  # name → Hashtag, likewise

    def all_posts(self):
        """Every post that a block shows, for `with_photos`."""
        holders = (self.galleries, self.members, self.prompts, self.hashtags)
        return [*self.posts.values(), *(post for held in holders for one in held.values() for post in one.newest)]


def shown_in(body, viewer, *, photos=True):
    """What the blocks of the stream `body` show `viewer`: a Shown, its posts with photos unless these come later.

    A query for each kind of thing that is in it and one for its posts, 2 for photos, 1 or 2 for covers of prompts.
    """
    wanted = defaultdict(list)
    for child in body or ():
        for kind, key in getattr(child.block, "wants", nothing)(child.value):
            wanted[kind].append(key)
    shown = Shown()
    if wanted["gallery"]:
        found = featurable_galleries(viewer).filter(pk__in=wanted["gallery"]).select_related("author")
        shown.galleries = {one.pk: one for one in newest_keys(found, viewer, "gallery")}
    if wanted["member"]:
        found = featurable_members(viewer).filter(pk__in=wanted["member"])
        shown.members = {one.pk: one for one in newest_keys(found, viewer, "author")}
    if wanted["prompt"]:
        shown.prompts = prompts(wanted["prompt"], viewer)
    if wanted["hashtag"]:
        shown.hashtags = {one.name: one for one in tagged(wanted["hashtag"], viewer)}
    fill(shown, wanted["post"], viewer)
    if photos:
        with_photos(shown.all_posts())
    return shown


def nothing(value):
    """What blocks want that show nothing of members."""
    return ()


def newest_keys(queryset, viewer, column, most=NEWEST):
    """`queryset` of galleries or members, each with `newest_0` ...: primary keys of its newest posts, or None.

    `column` of a post says whose it is. One subquery a place: each is a step along an index of the posts.
    """
    posts = featured_for(viewer).filter(**{column: OuterRef("pk")}).order_by("-published_at", "-short_id")
    return places(queryset, posts.values("pk"), most)


def tagged(names, viewer):
    """The hashtags with these names, each with its newest posts likewise."""
    rows = PostHashtag.objects.filter(
        hashtag=OuterRef("pk"), published_at__isnull=False, post__in=featured_for(viewer).order_by().values("pk")
    )
    return places(Hashtag.objects.filter(name__in=names), rows.order_by("-published_at", "-short_id").values("post"))


def prompts(keys, viewer):
    """{key: prompt} of those of `keys` that are published, each with its newest entries likewise."""
    running = PromptPage.objects.running().order_by("ends_at", "pk").values("pk")
    wanted = Q(pk__in=[key for key in keys if key])
    if None in keys:
        wanted |= Q(pk=Subquery(running[:1]))
    entries = PromptEntry.objects.filter(
        prompt=OuterRef("pk"), post__in=featured_for(viewer).order_by().values("pk")
    ).order_by("-entered_at", "-pk")
    found = list(places(with_covers(PromptPage.objects.live().filter(wanted)), entries.values("post")))
    shown = {prompt.pk: prompt for prompt in found}
    if None in keys and (now := min((p for p in found if p.is_running), key=lambda p: (p.ends_at, p.pk), default=None)):
        shown[None] = now
    return shown


def places(queryset, keys, most=NEWEST):
    return queryset.annotate(**{f"newest_{n}": Subquery(keys[n : n + 1]) for n in range(most)})


def fill(shown, short_ids, viewer):
    """Put posts where their keys are. 1 query for all."""
    holders = [one for held in (shown.galleries, shown.members, shown.prompts, shown.hashtags) for one in held.values()]
    keys = {key for one in holders for n in range(NEWEST) if (key := getattr(one, f"newest_{n}", None))}
    posts = {}
    if keys or short_ids:
        wanted = Q(pk__in=keys) | Q(short_id__in=short_ids)
        posts = {post.pk: post for post in featured_for(viewer).filter(wanted).select_related("author", "gallery")}
    for one in holders:
        found = (posts.get(getattr(one, f"newest_{n}", None)) for n in range(NEWEST))
        one.newest = [post for post in found if post]
    by_short_id = {post.short_id: post for post in posts.values()}
    shown.posts = {key: by_short_id[key] for key in short_ids if key in by_short_id}
