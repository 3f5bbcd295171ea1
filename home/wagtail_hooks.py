"""Registers what home adds to the Wagtail admin; the views live in home/admin.py."""

from wagtail import hooks

from . import admin

hooks.register("register_admin_viewset", lambda: admin.PicksViewSet())
hooks.register("console_post_buttons", admin.post_buttons)
