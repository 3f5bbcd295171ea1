"""Registers what community adds to the Wagtail admin; the views live in community/admin/."""

from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import modeladmin_register

from .admin import (
    announcements,
    api,
    appeals,
    bans,
    bulk,
    bulk_takedowns,
    cases,
    comments,
    dashboard,
    decisions,
    editorial_panel,
    erasing,
    evidence,
    failed_photos,
    failed_tasks,
    furniture,
    held_avatars,
    history,
    invitations,
    labels,
    log,
    members,
    pictures,
    plain,
    policies,
    posts,
    prompts,
    receipts,
    tree,
    words,
)
from .models import PolicyVersion

LAST = 1000  # after Wagtail's own, which are then replaced

# Who may do what to pages (to pictures: `apps.py`).
register_permission_policy(Page, tree.EditorialPagePolicy())
register_permission_policy(PolicyVersion, policies.PolicyPermissions(PolicyVersion))

# Members' pages in Wagtail's tree, and the console's own sections.
hooks.register("register_admin_viewset", tree.page_viewsets, order=LAST)
hooks.register("register_admin_viewset", lambda: [posts.PostsViewSet(), members.MembersViewSet()])
hooks.register(
    "register_admin_viewset", lambda: [labels.LabelsViewSet(), words.WordsViewSet(), erasing.ErasingViewSet()]
)
hooks.register("register_admin_viewset", lambda: bulk_takedowns.BulkTakedownsViewSet())
hooks.register("register_admin_viewset", lambda: failed_photos.FailedPhotosViewSet())
hooks.register("register_admin_viewset", lambda: failed_tasks.FailedTasksViewSet())
hooks.register("register_admin_viewset", lambda: comments.CommentsViewSet())
hooks.register("register_admin_viewset", lambda: appeals.AppealsViewSet())
hooks.register("register_admin_menu_item", appeals.menu_item)
hooks.register("register_admin_viewset", lambda: [cases.CasesViewSet(), decisions.DecisionWordsViewSet()])
hooks.register("register_admin_viewset", lambda: evidence.EvidenceViewSet())
hooks.register("register_admin_viewset", lambda: receipts.ReceiptsViewSet())
hooks.register("register_admin_menu_item", receipts.menu_item)
hooks.register("construct_homepage_panels", receipts.show_alarm)
hooks.register("construct_homepage_panels", furniture.say_what_is_waived)
hooks.register("register_admin_viewset", lambda: [bans.BansViewSet(), held_avatars.HeldAvatarsViewSet()])
hooks.register("construct_homepage_panels", dashboard.add_dashboard)
hooks.register("construct_homepage_panels", editorial_panel.show_editorial_pages, order=LAST)
hooks.register("register_admin_viewset", lambda: policies.PoliciesViewSet())
hooks.register("register_admin_viewset", lambda: invitations.InvitationsViewSet())
hooks.register("register_settings_menu_item", invitations.menu_item)
hooks.register("register_admin_viewset", lambda: announcements.AnnouncementsViewSet())
hooks.register("register_admin_viewset", lambda: prompts.PromptsViewSet())
hooks.register("register_admin_menu_item", prompts.menu_item)
hooks.register("construct_explorer_page_queryset", tree.list_editorial_pages)
hooks.register("construct_page_chooser_queryset", tree.choose_editorial_pages)
hooks.register("construct_admin_api", api.construct_admin_api, order=LAST)
for action in [*bulk.BULK_ACTIONS, *pictures.BULK_ACTIONS]:
    hooks.register("register_bulk_action", action, order=LAST)
hooks.register("register_admin_urls", pictures.guarded_addresses)

# Menu, search, home page.
hooks.register("register_admin_menu_item", cases.menu_item)
hooks.register("register_admin_search_area", cases.search_area)
hooks.register("register_admin_menu_item", furniture.posts_menu_item)
hooks.register("register_admin_menu_item", furniture.members_menu_item)
hooks.register("register_admin_menu_item", furniture.failed_photos_menu_item)
hooks.register("register_admin_menu_item", furniture.comments_menu_item)
hooks.register("register_admin_menu_item", bans.menu_item)
hooks.register("register_admin_search_area", furniture.posts_search_area)
hooks.register("register_admin_search_area", furniture.comments_search_area)
hooks.register("register_admin_search_area", furniture.members_search_area)
hooks.register("construct_homepage_summary_items", furniture.drop_counts, order=LAST)
hooks.register("construct_reports_menu", furniture.drop_page_types)
hooks.register("construct_help_menu", furniture.drop_news, order=LAST)
hooks.register("insert_global_admin_css", furniture.console_css)
hooks.register("insert_global_admin_js", furniture.console_js)
for model_admin in plain.PLAIN:
    modeladmin_register(model_admin)

# How acts read in Wagtail's log.
hooks.register("register_log_actions", history.register_log_actions)
hooks.register("register_log_actions", log.register_actions)
