"""Announcements in the console: written by curators and administrators."""

from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet

from ..models import Announcement


def words(announcement):
    """How it begins, as plain text."""
    return Truncator(strip_tags(announcement.text)).chars(80)


class AnnouncementsViewSet(ModelViewSet):
    """Announcements, the latest first."""

    model = Announcement
    name = "announcements"
    icon = "info-circle"
    menu_label = _("Announcements")
    menu_order = 145
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    panels = [
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("audience"),
        FieldPanel("dismissible"),
    ]
    list_display = [
        Column("text", label=_("Text"), accessor=words),
        Column("audience", label=_("For"), accessor="get_audience_display"),
        DateColumn("starts_at", label=_("From")),
        DateColumn("ends_at", label=_("Until")),
    ]
