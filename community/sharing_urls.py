"""Addresses at which members share, edit and delete what is theirs, and of what only some may see."""

from django.urls import path

from .views import galleries, posts_edit, share
from .views.vault_file import vault_file

urlpatterns = [
    path("share/", share.share, name="share"),
    path("p/<str:short_id>/edit/", posts_edit.edit_post, name="edit_post"),
    path("p/<str:short_id>/delete/", posts_edit.withdraw_post, name="withdraw_post"),
    path("p/<str:short_id>/undo/", posts_edit.undo_withdrawal, name="undo_withdrawal"),
    path("p/<str:short_id>/replace/", share.replace_photo, name="replace_photo"),
    path("p/<str:short_id>/discard/", share.discard_post, name="discard_post"),
    path("settings/deleted/", posts_edit.deleted_posts, name="deleted_posts"),
    path("settings/galleries/", galleries.galleries, name="galleries"),
    path("settings/galleries/new/", galleries.create_gallery, name="create_gallery"),
    path("settings/galleries/<str:gallery_slug>/", galleries.edit_gallery, name="edit_gallery"),
    path("settings/galleries/<str:gallery_slug>/delete/", galleries.delete_gallery, name="delete_gallery"),
    path("private/<path:name>", vault_file, name="vault_file"),
]
