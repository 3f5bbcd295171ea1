"""What stands first on the console's home page: how things are, in numbers that each lead to their list.

Each number is for who may see its list, and costs the same whatever the size of the tables: a month of days that the
sweeper has counted, and counts to a cap along partial indexes.
"""

from dataclasses import dataclass

from django.db.models import DateTimeField, IntegerField, Subquery
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from gallery.permissions import may_look

from .. import permissions
from ..cases import cases_for
from ..day_numbers import last_days
from ..models import User
from ..operations import records
from .failed_tasks import failed

MOST = 1000  # how far is counted
WEEK = 7
# A chart's own units: a bar for each day, side by side.
BAR, GAP, HEIGHT = 6, 2, 40


@dataclass(frozen=True)
class Bar:
    """One day of a chart."""

    day: object
    value: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Chart:
    """Bars, and what they say in words."""

    bars: list
    said: str
    width: int = 0
    height: int = HEIGHT


@dataclass(frozen=True)
class Tile:
    """One number: what it is, how much, where its list is, and what else there is to say."""

    label: str
    value: str
    url: str = ""
    note: str = ""
    chart: Chart | None = None
    alarming: bool = False


class Dashboard(Component):
    """The panel; nothing for who may see none of its lists."""

    name = "dashboard"
    order = 50
    template_name = "community/admin/dashboard.html"

    def get_context_data(self, parent_context):
        return {"tiles": tiles_for(parent_context["request"].user)}


def add_dashboard(request, panels):
    """Hook `construct_homepage_panels`."""
    panels.append(Dashboard())


def tiles_for(user):
    """The tiles that `user` may see. At most 2 queries and what `operations.records` costs."""
    sees_cases, sees_running = permissions.may_see_cases(user), permissions.may_see_running(user)
    waiting = counts_for(user, running=sees_running) if sees_cases or sees_running else {}
    days = last_days() if may_look(user) or sees_cases else []
    tiles = []
    if sees_cases:
        tiles += cases(waiting, days)
    if permissions.may_see_members(user):
        tiles.append(of_days(_("New members"), "members", days, "console_members:index"))
    if may_look(user):
        tiles.append(of_days(_("Posts"), "posts", days, "console_posts:index"))
    if user.has_perm("gallery.view_original"):
        tiles.append(storage(days))
    if sees_running:
        tiles.append(failed_tasks(waiting["failed"]))
        tiles += [of_record(label, record) for label, record in records()]
    return tiles


class Counted(Subquery):
    """How many rows a queryset has, to MOST and one more."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) few)"
    output_field = IntegerField()

    def __init__(self, queryset):
        super().__init__(queryset.order_by().values("pk")[: MOST + 1])


def counts_for(user, *, running):
    """How many cases wait and since when, and with `running` how many tasks failed: one query, beside the row of `user`.

    What somebody may not see neither counts nor ages for them.
    """
    open_cases = cases_for(user).open()
    oldest = Subquery(open_cases.order_by("opened_at").values("opened_at")[:1], output_field=DateTimeField())
    counts = {"open": Counted(open_cases), "oldest": oldest}
    if running:
        counts["failed"] = Counted(failed())
    return User.objects.filter(pk=user.pk).values(**counts).get()


def cases(waiting, days):
    """Open cases, and the oldest."""
    count, oldest = waiting["open"], waiting["oldest"]
    url = reverse("console_cases:index")
    note = gettext("and how many reports a day")
    yield Tile(_("Open cases"), up_to(count), url, note, chart_of(days, "reports", _("Reports")))
    yield Tile(
        _("Oldest case"),
        timesince(oldest, depth=1) if oldest else gettext("none"),
        url,
        note=gettext("since %(date)s") % {"date": date_format(oldest, "DATETIME_FORMAT")} if oldest else "",
    )


def up_to(count):
    return f"{MOST}+" if count > MOST else str(count)


def of_days(label, column, days, name):
    """How many in the last week, with a chart of the month."""
    week = sum(getattr(day, column) for day in days[-WEEK:])
    return Tile(label, str(week), reverse(name), gettext("in the last 7 days"), chart_of(days, column, label))


def chart_of(days, column, label):
    values = [getattr(day, column) for day in days]
    most = max(values, default=0)
    bars = []
    for place, (day, value) in enumerate(zip(days, values, strict=True)):
        height = max(1, round(value * HEIGHT / most)) if value else 0
        bars.append(Bar(day.day, value, place * (BAR + GAP), HEIGHT - height, height))
    said = ngettext(
        "%(label)s: %(total)s in the last %(days)s day, at most %(most)s on one day.",
        "%(label)s: %(total)s in the last %(days)s days, at most %(most)s on one day.",
        len(days),
    ) % {"label": label, "total": sum(values), "days": len(days), "most": most}
    return Chart(bars, said, width=len(days) * (BAR + GAP) - GAP)


def storage(days):
    """The last sum that the sweeper made of all originals."""
    known = [day.originals_bytes for day in days if day.originals_bytes is not None]
    url = reverse("gallery_original_modeladmin_index")
    return Tile(
        _("Storage used"),
        filesizeformat(known[-1]) if known else gettext("not counted yet"),
        url,
        gettext("by originals"),
    )


def failed_tasks(count):
    url = reverse("console_failed_tasks:index")
    return Tile(_("Failed tasks"), up_to(count), url, gettext("as long as results are kept"), alarming=bool(count))


def of_record(label, record):
    """When something was done last: "none yet" is said as loudly as that it went wrong."""
    if record is None:
        return Tile(label, gettext("none yet"), alarming=True)
    value = gettext("%(time)s ago") % {"time": timesince(record.at, depth=1)}
    note = date_format(record.at, "DATETIME_FORMAT") if record.went_well else gettext("It failed.")
    return Tile(label, value, record.url, note, alarming=not record.went_well)
