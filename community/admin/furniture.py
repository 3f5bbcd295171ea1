"""The console's menu, search and home page: where the sections are, and nothing that counts a million rows."""

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from gallery import permissions

from .. import permissions as people
from .base import ConsoleMenuItem, ConsoleSearchArea


def posts_menu_item():
    return ConsoleMenuItem(
        _("Posts"), reverse_lazy("console_posts:index"), icon_name="image", order=110, may=permissions.may_look
    )


def members_menu_item():
    return ConsoleMenuItem(
        _("Members"), reverse_lazy("console_members:index"), icon_name="group", order=120, may=people.may_see_members
    )


def failed_photos_menu_item():
    return ConsoleMenuItem(
        _("Failed pictures"),
        reverse_lazy("console_failed_photos:index"),
        icon_name="warning",
        order=130,
        may=permissions.may_look,
    )


def comments_menu_item():
    return ConsoleMenuItem(
        _("Comments"),
        reverse_lazy("console_comments:index"),
        icon_name="comment",
        order=115,
        may=permissions.may_take_down,
    )


def posts_search_area():
    return ConsoleSearchArea(
        _("Posts"), reverse_lazy("console_posts:index"), icon_name="image", order=50, may=permissions.may_look
    )


def members_search_area():
    return ConsoleSearchArea(
        _("Members"), reverse_lazy("console_members:index"), icon_name="group", order=60, may=people.may_see_members
    )


def comments_search_area():
    return ConsoleSearchArea(
        _("Comments"),
        reverse_lazy("console_comments:index"),
        icon_name="comment",
        order=55,
        may=permissions.may_take_down,
    )


class WaivedPanel(Component):
    """Says on the console's home page that here a password is enough."""

    order = 5
    template_name = "community/admin/partials/two_factor_waived.html"


def say_what_is_waived(request, panels):
    """Hook `construct_homepage_panels`: a banner where staff need no second factor."""
    if not settings.STAFF_TWO_FACTOR:
        panels.append(WaivedPanel())


def drop_counts(request, items):
    """Hook `construct_homepage_summary_items`: without the counts of all pages and all images."""
    # By name: importing them would register the image library's hooks before ours, which stand in front of them.
    items[:] = [item for item in items if type(item).__name__ not in ("PagesSummaryItem", "ImagesSummaryItem")]


def drop_news(request, items):
    """Hook `construct_help_menu`: without what leads to other people's sites, and the badge that asks to be looked at."""
    items[:] = [item for item in items if not str(item.url or "").startswith("http")]


def drop_page_types(request, items):
    """Hook `construct_reports_menu`: without the report that counts every page of the tree, type by type."""
    items[:] = [item for item in items if item.name != "page-types-usage"]


def console_css():
    """Hook `insert_global_admin_css`: the little that Wagtail's own styles do not have."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/console.css"))


def console_js():
    """Hook `insert_global_admin_js`: what Wagtail's templates would do by scripts within the page."""
    return format_html('<script src="{}" type="module"></script>', static("js/console_dates.js"))
