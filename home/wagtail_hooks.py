"""Registers what home adds to the Wagtail admin; the views live in home/admin/."""

from wagtail import hooks

from .admin import choosers, picks, userbar

hooks.register("register_admin_viewset", lambda: picks.PicksViewSet())
hooks.register("console_post_buttons", picks.post_buttons)
hooks.register("register_admin_viewset", choosers.viewsets)
hooks.register("construct_wagtail_userbar", userbar.fill_userbar)
