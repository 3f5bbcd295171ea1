"""Registers what community adds to the Wagtail admin; the views live in community/admin/."""
