"""The console's receipts: what was proven of each act that put something out of reach or brought it back, address by address;
exported for a legal request."""

import csv
import io
from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.db.models import OuterRef
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet

from gallery.acts import write_down_staff
from gallery.keyset import page_of
from gallery.models import MembersPage
from gallery.rows import Rows

from ..models import Receipt
from ..permissions import may_see_receipts
from ..site import absolute
from .base import ConsoleMenuItem, ConsoleView

PAGE = 50
OF_RECEIPTS = ("key", "kind", "expected", "state", "made_at", "due_at")  # what a member's page says of one
SHOWN = 5  # on the console's home page, and on a post's
# What stands on a member's page; the others stand on posts'.
OF_MEMBERS = (
    Receipt.Kind.MEMBER,
    Receipt.Kind.AVATAR,
    Receipt.Kind.CALLED,
    Receipt.Kind.PROFILE,
    Receipt.Kind.GALLERY,
    Receipt.Kind.NAME,
)
COLUMNS = ("kind", "host", "address", "answer", "error", "as_it_must_be", "checked")


class FilterForm(forms.Form):
    """What the list can be narrowed to. Anything odd narrows nothing."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any state")), *Receipt.State.choices])
    kind = forms.ChoiceField(label=_("Of what"), required=False, choices=[("", _("Anything")), *Receipt.Kind.choices])


class ReceiptsSection:
    """What the pages of this section share."""

    section = ("console_receipts:index", _("Receipts"))
    header_icon = "clipboard-list"
    may = staticmethod(may_see_receipts)


class ReceiptsView(ReceiptsSection, ConsoleView):
    """All receipts, newest first, by keyset; or those that raise an alarm."""

    template_name = "community/admin/receipts.html"
    page_title = _("Receipts")

    def get_context_data(self, **kwargs):
        form = FilterForm(self.request.GET)
        form.is_valid()
        wanted = {name: value for name, value in form.cleaned_data.items() if value}
        receipts = receipts_for(self.request.user).filter(**wanted).select_related("post")
        page = page_of(receipts, self.request.GET.get("after", ""), size=PAGE, at="made_at", key="key")
        for receipt in page.items:
            receipt.place = place_of(receipt)
        return super().get_context_data(form=form, page=page, is_narrowed=bool(wanted), **kwargs)


class OneReceipt(ReceiptsSection):
    """Finds the receipt of the address."""

    @cached_property
    def receipt(self):
        receipt = receipts_for(self.request.user).select_related("post").filter(key=self.kwargs["key"]).first()
        if receipt is None:
            raise Http404
        return receipt

    def lines(self):
        """What is not as it must be comes first."""
        return list(self.receipt.lines.order_by("as_expected", "pk"))


class ReceiptView(OneReceipt, ConsoleView):
    """One receipt, address by address."""

    template_name = "community/admin/receipt.html"
    page_title = _("Receipt")

    def get_page_subtitle(self):
        return self.receipt.key

    def get_context_data(self, **kwargs):
        lines = self.lines()
        proven = sum(line.as_expected for line in lines)
        place = place_of(self.receipt)
        return super().get_context_data(receipt=self.receipt, lines=lines, proven=proven, place=place, **kwargs)


class ExportView(OneReceipt, ConsoleView):
    """One receipt as a file, for whoever asks by law. Written down."""

    http_method_names = ["get"]

    def get(self, request, *args, **kwargs):
        receipt, rows = self.receipt, [row_of(line) for line in self.lines()]
        where = receipt.post or MembersPage.objects.first()
        write_down_staff(where, "pixlpix.export_receipt", by=request.user, receipt=receipt.key)
        if self.kwargs["kind"] == "json":
            response = JsonResponse({**facts_of(receipt), "addresses": rows}, json_dumps_params={"indent": 1})
        else:
            response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="receipt-{receipt.key}.{self.kwargs["kind"]}"'
        response["Cache-Control"] = "private, no-store"
        return response


def receipts_for(staff):
    """The receipts that `staff` may read: those of what is their own are for others."""
    if not may_see_receipts(staff):
        return Receipt.objects.none()
    return Receipt.objects.exclude(member=staff.pk)


def place_of(receipt):
    """Where the console shows what a receipt is about; "" for what is erased. No query."""
    if not receipt.reference:
        return ""
    if receipt.kind in (Receipt.Kind.GALLERY, Receipt.Kind.NAME):
        return reverse("console_members:gallery", args=receipt.about.split("/"))
    if receipt.kind == Receipt.Kind.COMMENT:
        return f"{reverse('console_comments:index')}?q={receipt.reference}"
    if receipt.kind in (Receipt.Kind.POST, Receipt.Kind.PHOTO):
        return reverse("console_posts:post", args=[receipt.about]) if receipt.post_id else ""
    return reverse("console_members:member", args=[receipt.about])


def facts_of(receipt):
    return {
        "receipt": receipt.key,
        "site": settings.SITE_URL,
        "kind": receipt.kind,
        "about": receipt.about,
        "expected": receipt.expected,
        "state": receipt.state,
        "made": receipt.made_at,
        "checked": receipt.checked_at,
        "checks": receipt.tries,
    }


def row_of(line):
    return dict(
        zip(
            COLUMNS,
            (line.kind, line.host, absolute(line.url), line.status, line.error, line.as_expected, line.checked_at),
            strict=True,
        )
    )


def as_csv(rows):
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows({name: safe(value) for name, value in row.items()} for row in rows)
    return file.getvalue()


def safe(value):
    """A cell that no spreadsheet takes for a formula."""
    text = value.isoformat() if hasattr(value, "isoformat") else "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def receipts_of(post, user):
    """The newest receipts of `post` and of what is in it, for staff who may read them. One query, or none."""
    return list(receipts_for(user).filter(post=post).order_by("-made_at")[:SHOWN]) if may_see_receipts(user) else []


def with_receipts(members):
    """`members`, each with the newest receipts of them and of what is theirs but posts, for `receipts_about`."""
    of_theirs = Receipt.objects.filter(kind__in=OF_MEMBERS, member=OuterRef("pk")).order_by("-made_at")
    return members.annotate(its_receipts=Rows(of_theirs[:SHOWN], *OF_RECEIPTS))


def receipts_about(member, user):
    """The receipts that came with `member`, for staff who may read them. No query."""
    if not may_see_receipts(user) or member.pk == user.pk:
        return []
    receipts = [Receipt(**dict(zip(OF_RECEIPTS, row, strict=True))) for row in member.its_receipts]
    for receipt in receipts:
        receipt.made_at = as_moment(receipt.made_at)
    return receipts


def as_moment(text):
    """A moment as `Rows` has it: with its zone from PostgreSQL, in UTC without one from SQLite."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class AlarmPanel(Component):
    """What was taken down and is still reachable, at the top of the console's home page."""

    order = 10
    template_name = "community/admin/partials/receipts_alarm.html"

    def __init__(self, receipts):
        self.receipts = receipts

    def get_context_data(self, parent_context):
        return {"receipts": self.receipts}


def show_alarm(request, panels):
    """Hook `construct_homepage_panels`: one query, from an index of just these rows."""
    if may_see_receipts(request.user):
        alarming = list(
            receipts_for(request.user).filter(state=Receipt.State.REACHABLE).order_by("-made_at", "-key")[:SHOWN]
        )
        if alarming:
            panels.append(AlarmPanel(alarming))


def menu_item():
    return ConsoleMenuItem(
        _("Receipts"),
        reverse_lazy("console_receipts:index"),
        icon_name="clipboard-list",
        order=135,
        may=may_see_receipts,
    )


class ReceiptsViewSet(ViewSet):
    """Below /admin/receipts/."""

    name = "console_receipts"
    url_prefix = "receipts"

    def get_urlpatterns(self):
        return [
            path("", ReceiptsView.as_view(), name="index"),
            path("<str:key>/", ReceiptView.as_view(), name="receipt"),
            path("<str:key>/export.csv", ExportView.as_view(), {"kind": "csv"}, name="export_csv"),
            path("<str:key>/export.json", ExportView.as_view(), {"kind": "json"}, name="export_json"),
        ]
