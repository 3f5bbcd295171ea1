"""The team's record: whatever staff do, one line of Wagtail's log says who did it, to what, why and when.

The tables name every act that the code writes down, and every address of the console that does something: a new one fails
here until it stands in them. And nobody changes or deletes a line, whoever they are.
"""

import re

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry, PageLogEntry

from community.actions.decide_case import decide_case
from tests.cases_world import a_case
from tests.community.admin.record import DONE_AT, LOOKED_AT, WHY, World, full_name
from tests.factories import a_post, a_staff_member

pytestmark = pytest.mark.django_db
# Written down elsewhere than at an address of the console, and what holds it.
ELSEWHERE = {
    "hold": "by the system, of a picture that looks like a banned one: tests/gallery/test_bans.py",
    "hold_avatar": "likewise, of a profile picture: tests/community/test_avatar_bans.py",
    "erase_photo": "along with erase, in other posts of the same file: tests/community/test_erase_by_order.py",
    "propose": "below",
    "warn": "below",
}


def line_of(act):
    """The newest line of the log of an act, wherever it stands."""
    lines = [model.objects.filter(action=full_name(act)).first() for model in (PageLogEntry, ModelLogEntry)]
    return max(filter(None, lines), key=lambda line: line.timestamp)


def thing_of(line):
    """(model, primary key) of what a line stands on."""
    pk = line.page_id if isinstance(line, PageLogEntry) else int(line.object_id)
    return line.content_type.model_class(), pk


@pytest.mark.parametrize(("name", "act", "make"), [(name, *row) for name, rows in DONE_AT.items() for row in rows])
def test_each_act_is_one_line_that_says_who_what_why_and_when(settings, name, act, make):
    world = World(settings)
    row, client = make(world), Client()
    client.force_login(world.adm)
    address, before = reverse(name, args=row.args) + row.query, timezone.now()
    answer = client.get(address) if row.data is None else client.post(address, row.data)
    assert answer.status_code in (200, 302)
    line = line_of(act)
    assert (line.user, line.data.get("reason")) == (world.adm, row.why)
    assert before <= line.timestamp <= timezone.now()
    model, pk = thing_of(line)
    assert model is row.about or (model, pk) == (type(row.about), row.about.pk)


def test_what_a_second_moderator_must_agree_to_and_a_warning_are_written_down_as_well(settings):
    world = World(settings)
    world.proposed()
    warned = decide_case(a_case(a_post()), by=world.adm, act="warn", told=WHY)
    for act, who, thing in (("propose", world.mod, None), ("warn", world.adm, warned.member)):
        line = line_of(act)
        assert line.user == who and line.data["reason"] in (WHY, "Before")
        assert thing is None or thing_of(line) == (type(thing), thing.pk)


# --- Nothing is left out ----------------------------------------------------------------------------------------------


def views_of(resolver, spaces=(), inside=False):
    """(name, view, whether it is ours) of every address of the console."""
    for part in resolver.url_patterns:
        if hasattr(part, "url_patterns"):
            within = (*spaces, part.namespace) if part.namespace else spaces
            yield from views_of(part, within, inside or part.urlconf_name is wagtailadmin_urls)
        elif inside and part.name:
            view = getattr(part.callback, "view_class", part.callback)
            ours = view.__module__.partition(".")[0] in ("community", "gallery", "home", "pixlpix")
            yield ":".join((*spaces, part.name)), view, ours


def test_every_address_of_ours_at_which_staff_do_something_stands_in_the_table():
    does = {
        name
        for name, view, ours in views_of(get_resolver())
        # Of a function nobody can tell: it counts. What Wagtail's API is answered by refuses all but GET.
        if ours and (hasattr(view, "post") or not isinstance(view, type)) and not name.startswith("wagtailadmin_api:")
    }
    assert does == set(DONE_AT) - LOOKED_AT


def test_every_act_that_the_code_names_stands_in_the_table_and_has_words():
    sources = [
        path.read_text() for app in ("gallery", "community", "home") for path in (project.BASE_DIR / app).rglob("*.py")
    ]
    named = {act for source in sources for act in re.findall(r'"(pixlpix\.\w+)"', source)}
    registry.scan_for_actions()
    assert named == {act for act in registry.formatters if act.startswith("pixlpix.")}
    in_table = {full_name(act) for rows in DONE_AT.values() for act, _make in rows}
    assert named == {act for act in in_table if act.startswith("pixlpix.")} | {full_name(act) for act in ELSEWHERE}


# --- And it stays -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [PageLogEntry, ModelLogEntry])
def test_no_address_of_the_console_is_made_for_changing_or_deleting_a_line(model):
    for name, view, _ours in views_of(get_resolver()):
        about = {getattr(view, "model", None), getattr(getattr(view, "queryset", None), "model", None)}
        assert model not in about or not hasattr(view, "post"), name
    assert not [name for name, _view, _ours in views_of(get_resolver()) if "logentry" in name.lower()]


def test_asking_for_the_record_in_any_other_way_than_reading_changes_nothing(settings):
    """Wagtail's reports and histories, which show lines: as POST, PUT, PATCH and DELETE, by the mightiest of the staff."""
    world = World(settings)
    case, post = a_case(a_post()), world.post()
    decide_case(case, by=world.adm, act="limit", told=WHY)
    client = Client()
    client.force_login(world.adm)
    keep = [
        sorted(model.objects.values_list("pk", "data", "user", "timestamp")) for model in (PageLogEntry, ModelLogEntry)
    ]
    asked = 0
    for name, _view, _ours in views_of(get_resolver()):
        if not re.search("histor|report|log", name):
            continue
        for args in ([], [post.pk], [case.pk], [PageLogEntry.objects.first().pk]):
            try:
                address = reverse(name, args=args)
            except NoReverseMatch:
                continue
            for method in ("post", "put", "patch", "delete"):
                getattr(client, method)(address, {"pk": PageLogEntry.objects.first().pk})
                asked += 1
    assert asked > 20
    now = [
        sorted(model.objects.values_list("pk", "data", "user", "timestamp")) for model in (PageLogEntry, ModelLogEntry)
    ]
    assert now == keep


@pytest.mark.parametrize("group", ["Administrators", "Moderators", "Curators"])
def test_no_group_may_change_or_delete_lines(group):
    staff = a_staff_member(group)
    rights = {right.partition(".")[2] for right in staff.get_all_permissions()}
    assert not [right for right in rights if right.endswith("logentry")]
