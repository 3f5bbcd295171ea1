"""Lists of plain models for staff, read-only: originals, members' acts, consent records (wagtail-modeladmin)."""

from django.contrib.auth import get_permission_codename
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

from gallery.models import MemberAct, Original, Purge
from gallery.permissions import may_look

from ..models import ConsentRecord


class ReadOnly(PermissionHelper):
    """Listed and looked at by whoever may view the model; nothing is added, changed or deleted."""

    def user_may_view(self, user):
        return user.has_perm(f"{self.opts.app_label}.{get_permission_codename('view', self.opts)}")

    def user_can_list(self, user):
        return self.user_may_view(user)

    def user_can_inspect_obj(self, user, obj):
        return self.user_may_view(user)

    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False

    def user_can_delete_obj(self, user, obj):
        return False


class UncountedPaginator(Paginator):
    """Pages of the newest thousand rows: counting millions for a page number costs more than the page itself."""

    MOST = 1000

    @cached_property
    def count(self):
        return len(self.object_list.values_list("pk", flat=True)[: self.MOST])


class ReadOnlyAdmin(ModelAdmin):
    """What the lists share."""

    permission_helper_class = ReadOnly
    inspect_view_enabled = True
    add_to_settings_menu = False
    list_per_page = 50
    paginator = UncountedPaginator
    menu_order = 850

    def register_indexing(self):
        """Not in Wagtail's index of references: each row written would queue a task."""


class OriginalAdmin(ReadOnlyAdmin):
    """Files in the vault, by their facts. Never their bytes."""

    model = Original
    menu_label = _("Originals")
    menu_icon = "doc-full"
    list_display = ("sha256", "mime", "width", "height", "size", "first_seen_at", "first_by")
    list_select_related = ("first_by",)
    ordering = ("-pk",)
    search_fields = ("sha256",)
    inspect_view_fields = [
        "sha256", "mime", "width", "height", "size", "first_seen_at", "first_by", "attached_at",
    ]  # fmt: skip


class MemberActAdmin(ReadOnlyAdmin):
    """What members did to their own things."""

    model = MemberAct
    menu_label = _("Members' acts")
    menu_icon = "history"
    list_display = ("at", "actor", "act", "kind", "key")
    list_select_related = ("actor",)
    ordering = ("-pk",)


class ConsentRecordAdmin(ReadOnlyAdmin):
    """Who accepted which version of the policy, and when."""

    model = ConsentRecord
    menu_label = _("Consent records")
    menu_icon = "check"
    list_display = ("user", "policy", "text_sha256", "minimum_age", "accepted_at")
    list_select_related = ("user", "policy")
    ordering = ("-pk",)


class ForWhoeverLooks(ReadOnly):
    """Seen by whoever sees members' posts in the console."""

    def user_may_view(self, user):
        return may_look(user)


class PurgeAdmin(ReadOnlyAdmin):
    """Folders that are withdrawn and that the CDN has not forgotten yet; empty where all is well."""

    model = Purge
    permission_helper_class = ForWhoeverLooks
    menu_label = _("Purges that wait")
    menu_icon = "time"
    list_display = ("path", "created_at", "files_gone_at", "attempts", "retry_at")
    ordering = ("pk",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(purged_at=None)


PLAIN = [OriginalAdmin, MemberActAdmin, ConsentRecordAdmin, PurgeAdmin]
