"""Registers what community adds to the Wagtail admin; the views live in community/admin/."""

from wagtail import hooks

from .admin import log

hooks.register("register_log_actions", log.register_actions)
