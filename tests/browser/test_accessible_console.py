"""axe-core finds nothing on those pages of the console that are ours; what Wagtail's frame around them has is named here."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from wagtail.admin import urls as wagtailadmin_urls

from community.actions.add_comment import add_comment
from community.actions.appeal import appeal
from community.actions.remove_comment import remove_comment
from community.actions.take_down_all import take_down_all
from community.actions.take_down_comment import take_down_comment
from community.models import AvatarMatch, Decision, PolicyVersion, Receipt
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.models import BanMatch, BannedPicture
from home.models import Pick
from tests.browser.axe import ALL_RULES, AXE, a_window, violations
from tests.cases_world import a_report
from tests.factories import a_gallery, a_post, a_staff_member, an_avatar
from tests.pixlpix.test_every_page import HOSTILE, World

pytestmark = pytest.mark.django_db(transaction=True)

# What answers no page of its own.
NO_PAGE = {
    "picks:index_results", "policies:index_results", "wagtailusers_users:index_results",  # a part of the index
    "wagtailadmin_api:pages:listing", "wagtailadmin_api:pages:detail", "wagtailadmin_api:pages:find",  # words for scripts
    "wagtailadmin_api:pages:action", "wagtailadmin_api:images:listing", "wagtailadmin_api:images:detail",
    "wagtailadmin_api:documents:listing", "wagtailadmin_api:documents:detail",
    "picks:add", "picks:pick", "picks:end", "console_failed_photos:try_again",
    "console_cases:claim", "console_cases:release", "console_cases:next",
    "console_cases:second", "console_bulk:stop", "console_bulk:again",  # lead on
    "console_posts:take_down_many", "wagtailusers_users:delete",  # lead on, unless posts were ticked
    "console_receipts:export_csv", "console_receipts:export_json",  # files
    # Windows within the editor of a page, for its script: test_choosers, test_curation
    *(f"choose_{kind}:{part}" for kind in ("post", "gallery", "member") for part in ("choose", "results", "chosen")),
    "policies:copy", "policies:delete", "wagtailusers_users:history",  # Wagtail's pages as they are
    "wagtailusers_users:history_results",
}  # fmt: skip

# The rule that a page breaks by what is not ours.
LEFT = {
    "wagtailusers_users:index": "landmark-unique",  # Wagtail's two search forms, neither with a name
    "policies:edit": "aria-input-field-name",  # Wagtail's editor of rich text
    "picks:choose": "image-redundant-alt",  # the world writes one text for caption and description
}


def console_pages(world):
    """{name of an address: its arguments} of every page of the console that is ours, with something on it."""
    face = an_avatar(world.milo)
    down = a_gallery(world.milo, "Down")
    take_down_gallery(down, by=world.moderator, reason="A reason.")
    remove_comment(world.said, by=world.ana)
    bad = add_comment(world.post, "Bad.", by=world.milo)
    take_down_comment(bad, by=world.moderator, reason="A reason.")
    case = a_report(world.sensitive, by=world.milo, text=HOSTILE).case
    decision = Decision.objects.create(case=case, member=world.ana, by=world.moderator, act="warn", told=HOSTILE)
    bulk = take_down_all(a_post(caption=HOSTILE).author, by=world.moderator, rule="spam", told=HOSTILE).bulk
    draft, current = PolicyVersion.objects.create(text="<p>Another.</p>"), PolicyVersion.objects.current()
    match = BanMatch.objects.create(
        photo=world.post.photos.first(), banned=BannedPicture.objects.create(sha256="ab" * 32), distance=9
    )
    held = AvatarMatch.objects.create(avatar=face, banned=match.banned, distance=9)
    shot = world.taken_down.photos.first().key
    gone, here = world.taken_down.short_id, ["ana", world.gallery.gallery_slug]
    return {
        "console_posts:index": [], "console_posts:post": [gone], "console_posts:take_down": [world.post.short_id],
        "console_posts:edit_reason": [gone], "console_posts:restore": [gone],
        **{f"console_labels:{name}": [gone] for name in ("limit", "unlimit", "label_sensitive", "unlabel_sensitive")},
        **{f"console_labels:{name}": [gone, shot] for name in ("take_down_photo", "restore_photo")},
        **{f"console_words:{do}_profile": ["milo"] for do in ("take_down", "restore")},
        **{f"console_words:{do}_member_name": ["milo"] for do in ("take_down", "restore")},
        **{f"console_words:{name}": here for name in ("take_down_name", "restore_name")},
        "console_bans:index": [], "console_bans:banned": [], "console_bans:add": [],
        "console_bans:let_through": [match.key], "console_bans:confirm": [match.key],
        "console_bans:remove": [match.banned.sha256],
        "console_held_avatars:index": [],
        **{f"console_held_avatars:{name}": [held.key] for name in ("let_through", "confirm")},
        "console_erasing:erase": [gone],
        "console_receipts:index": [], "console_receipts:receipt": [Receipt.objects.order_by("pk").first().key],
        "console_members:index": [], "console_members:member": ["milo"], "console_members:suspend": ["milo"],
        "console_members:lift": ["nora"], "console_members:take_down_avatar": ["milo", face.key],
        "console_members:restore_avatar": ["milo", face.key], "console_members:gallery": here,
        "console_members:take_down_gallery": here, "console_members:edit_gallery_reason": ["milo", down.gallery_slug],
        "console_members:restore_gallery": ["milo", down.gallery_slug],
        "console_bulk:begin": ["ana"], "console_bulk:job": [bulk.key], "console_bulk:undo": [bulk.key],
        "console_cases:index": [], "console_cases:case": [case.key],
        "console_cases:undo": [case.key, decision.key], "console_evidence:evidence": [case.key],
        "console_failed_photos:index": [], "console_failed_tasks:index": [], "console_comments:index": [],
        "console_invitations:index": [],
        "console_appeals:index": [], "console_appeals:appeal": [appeal(decision, by=world.ana, text=HOSTILE).key],
        "console_comments:take_down": [world.answer.key], "console_comments:restore": [bad.key],
        "picks:index": [], "picks:choose": [], "picks:edit": [Pick.objects.get().pk],
        "policies:index": [], "policies:edit": [draft.pk], "policies:publish": [draft.pk], "policies:inspect": [current.pk],
        "console_prompts:index": [], "console_prompts:winners": [world.prompt.slug],
        "wagtailusers_users:index": [], "wagtailusers_users:edit": [world.milo.pk],
    }  # fmt: skip


def names_of_ours(resolver, inside=False, spaces=()):
    """Names of the console's addresses that views of ours answer; the guards before Wagtail's pictures have none."""
    for part in resolver.url_patterns:
        if hasattr(part, "url_patterns"):
            within = (*spaces, part.namespace) if part.namespace else spaces
            yield from names_of_ours(part, inside or part.urlconf_name is wagtailadmin_urls, within)
        elif inside and part.name:
            view = getattr(part.callback, "view_class", part.callback)
            if view.__module__.partition(".")[0] in ("community", "gallery", "home", "pixlpix"):
                yield ":".join((*spaces, part.name))


def test_every_page_of_ours_in_the_console_is_walked():
    assert set(names_of_ours(get_resolver())) == {*console_pages(World()), *NO_PAGE}


def test_axe_finds_nothing_on_the_consoles_own_pages(a_person):
    world = World()
    client = Client()
    client.force_login(a_staff_member("Administrators", "adm"))
    person, found = a_window(a_person, client), {}
    for name, args in console_pages(world).items():
        response = person.go(reverse(name, args=args))
        person.page.evaluate(AXE)
        wrong = [one for one in violations(person.page, ALL_RULES) if one.partition(":")[0] != LEFT.get(name)]
        if wrong or response.status != 200:
            found[name] = [response.status, *wrong]
    assert found == {}
