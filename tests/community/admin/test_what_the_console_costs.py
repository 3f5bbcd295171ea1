"""Every page of the console that is ours costs fewer than MOST queries in a process that has just begun, writing down the
look included, and no more with sixty rows of everything than with three."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.models import Locale, ModelLogEntry, PageLogEntry, Site

from community.models import Announcement, Appeal, Case, Decision, DecisionTemplate, Receipt, User
from gallery.ids import new_short_id
from gallery.models import BanMatch, BannedPicture, MemberAct, Original, PostPage
from home.models import Pick
from tests.browser.test_accessible_console import NO_PAGE, console_pages, names_of_ours
from tests.factories import a_member, a_post, a_staff_member, an_original
from tests.pixlpix.test_every_page import World

pytestmark = pytest.mark.django_db

MOST = 12
FEW, MANY = 3, 60
# Pages of ours that Wagtail's views answer, and Wagtail's own that we show.
WAGTAILS = (
    "wagtailadmin_home", "announcements:index", "announcements:add", "decision_words:index", "decision_words:add",
    "gallery_original_modeladmin_index", "gallery_memberact_modeladmin_index", "gallery_purge_modeladmin_index",
    "community_consentrecord_modeladmin_index", "policies:add", "wagtailimages:index", "wagtailsites:index",
    "wagtailadmin_reports:locked_pages", "wagtailadmin_reports:workflow", "wagtailadmin_reports:workflow_tasks",
    "wagtailadmin_reports:aging_pages",
)  # fmt: skip
# Parts and ways on that people are shown as well, though they are no page of their own.
PARTS = (
    "console_cases:next", "choose_post:choose", "choose_gallery:choose", "choose_member:choose",
    "picks:index_results", "policies:index_results", "wagtailusers_users:index_results",
)  # fmt: skip


def copies(row, numbers, **fields):
    """Rows more like `row`, one for each of `numbers`: `fields` are what differs, each a function of the number."""
    plain = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    model = type(row)
    model.objects.bulk_create(model(**plain | {name: of(count) for name, of in fields.items()}) for count in numbers)


def key(_number):
    return new_short_id()


def hashed(number):
    return f"{number:064x}"


def fill(world, numbers):
    """Rows of all that the console lists, one for each of `numbers`."""
    people = {
        number: User.objects.create(username=f"filler{number}", name="Filler", email=f"filler{number}@example.org")
        for number in numbers
    }
    case = Case.objects.filter(post=world.sensitive).get()
    copies(case, numbers, key=key, about=lambda number: f"about{number}", post_id=lambda number: None)
    copies(case.reports.order_by("pk").first(), numbers, key=key, reporter_id=lambda number: people[number].pk)
    decision = case.decisions.order_by("pk").first()
    copies(decision, numbers, key=key)
    made = dict(zip(numbers, Decision.objects.filter(case=case).order_by("-pk"), strict=False))
    copies(Appeal.objects.first(), numbers, key=key, decision_id=lambda number: made[number].pk)
    copies(DecisionTemplate.objects.first(), numbers, name=lambda number: f"Words {number}")
    copies(Announcement.objects.create(text="<p>Soon.</p>"), numbers[:3], key=key)
    receipt = Receipt.objects.order_by("pk").first()
    copies(receipt, numbers, key=key)
    copies(BannedPicture.objects.first(), numbers, sha256=hashed)
    banned = dict(zip(numbers, BannedPicture.objects.order_by("-pk"), strict=False))
    copies(BanMatch.objects.first(), numbers, key=key, banned_id=lambda number: banned[number].pk)
    copies(Original.objects.first(), numbers, sha256=hashed)
    for member in (world.ana, world.milo):
        copies(MemberAct.objects.filter(actor=member).first(), numbers)
        entry = ModelLogEntry.objects.filter(object_id=str(member.pk)).first()
        copies(entry or a_log_entry(member), numbers)
    for post in (world.taken_down, world.post):
        copies(PageLogEntry.objects.filter(page=post.pk).first(), numbers)
        copies(world.said, numbers, key=key, post_id=lambda number, post=post: post.pk)
    fill_pages(world, numbers)


def a_log_entry(member):
    type_of = ContentType.objects.get_for_model(User)
    about = {"content_type": type_of, "object_id": str(member.pk), "label": "", "timestamp": timezone.now()}
    return ModelLogEntry(action="pixlpix.suspend", data={"posts": 3}, **about)


def fill_pages(world, numbers):
    """Posts of both, with a photo each, public and private ones; photos of the one that is looked at; and picks."""
    original = an_original(by=world.ana)
    for number in numbers[:12]:
        of_ana = a_post(world.ana, gallery=world.gallery, original=original, caption=f"#walked {number}")
        of_milo = a_post(world.milo, original=world.taken_down.photos.first().picture.original)
        if number % 2:
            PostPage.objects.filter(pk__in=(of_ana.pk, of_milo.pk)).update(team_state="held")
        copies(Pick.objects.first(), [1], post_id=lambda _number, post=of_ana: post.pk)
    for _number in range(3):
        a_member()


def queries_of(client, url):
    """The SQL of one GET with nothing in any cache."""
    cache.clear()
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    return response.status_code, [query["sql"] for query in captured.captured_queries]


def signed_in(client, group):
    staff = a_staff_member(group, f"the{group.lower()}"[:20])
    Authenticator.objects.create(user=staff, type="totp", data={})
    client.force_login(staff)


def costs(client, pages):
    """{name: number of queries} of those pages that this member of the staff gets."""
    counted = {}
    for name, args in pages.items():
        status, queries = queries_of(client, reverse(name, args=args))
        if status == 200:
            counted[name] = len(queries)
            if len(queries) >= MOST:
                print(name, json.dumps(queries, indent=1))
    return counted


def test_every_page_of_ours_is_counted():
    ours = set(names_of_ours(get_resolver())) - NO_PAGE
    assert ours <= set(console_pages(World()))


@pytest.mark.parametrize(("group", "at_least"), [("Moderators", 45), ("Administrators", 75), ("Curators", 10)])
def test_each_page_costs_few_queries_however_much_there_is(client, settings, group, at_least):
    settings.STAFF_TWO_FACTOR = True
    world = World()
    pages = {**console_pages(world), **{name: [] for name in (*WAGTAILS, *PARTS)}}
    signed_in(client, group)
    fill(world, range(FEW))
    few = costs(client, pages)
    assert len(few) >= at_least
    assert {name: count for name, count in few.items() if count >= MOST} == {}
    fill(world, range(FEW, MANY))
    much = costs(client, pages)
    assert {name: (few.get(name), count) for name, count in much.items() if count >= MOST} == {}
    grown = {name: (few.get(name), count) for name, count in much.items() if count > few.get(name, 0)}
    assert grown == {}


def test_the_frame_of_the_console_names_the_language_that_there_is(client):
    """Its query is left out: what it would have found is said all the same."""
    signed_in(client, "Administrators")
    page = client.get(reverse("console_cases:index")).content.decode()
    told = json.loads(page.partition('id="wagtail-config" type="application/json">')[2].partition("</script>")[0])
    wanted = [
        {"code": locale.language_code, "display_name": locale.get_display_name()} for locale in Locale.objects.all()
    ]
    assert told["LOCALES"] == wanted
