"""Addresses at which members share, edit and delete what is theirs, and of what only some may see."""

from django.urls import path

from .views import composer, galleries, photos, picture, posts_edit, uploads
from .views.download import download_photo
from .views.vault_file import vault_file

urlpatterns = [
    path("share/", composer.share, name="share"),
    path("share/start/", composer.start, name="start_draft"),
    path("share/<str:short_id>/", composer.draft, name="draft"),
    path("share/<str:short_id>/discard/", composer.discard_draft, name="discard_draft"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/<str:key>/", uploads.upload, name="upload"),
    path("p/<str:short_id>/edit/", posts_edit.edit_post, name="edit_post"),
    path("p/<str:short_id>/delete/", posts_edit.withdraw_post, name="withdraw_post"),
    path("p/<str:short_id>/undo/", posts_edit.undo_withdrawal, name="undo_withdrawal"),
    path("p/<str:short_id>/replace/", photos.replace_failed, name="replace_photo"),
    path("p/<str:short_id>/discard/", posts_edit.discard_post, name="discard_post"),
    path("p/<str:short_id>/photos/", photos.photos, name="photos"),
    path("p/<str:short_id>/photos/order/", photos.order_photos, name="order_photos"),
    path("p/<str:short_id>/photos/<str:key>/remove/", photos.take_out_photo, name="take_out_photo"),
    path("p/<str:short_id>/photos/<str:key>/replace/", photos.replace_one, name="replace_one"),
    path("p/<str:short_id>/photos/<str:key>/retry/", photos.retry_photo, name="retry_photo"),
    path("p/<str:short_id>/photos/<str:key>/download/", download_photo, name="download_photo"),
    path("settings/deleted/", posts_edit.deleted_posts, name="deleted_posts"),
    path("settings/galleries/", galleries.galleries, name="galleries"),
    path("settings/galleries/new/", galleries.create_gallery, name="create_gallery"),
    path("settings/galleries/<str:gallery_slug>/", galleries.edit_gallery, name="edit_gallery"),
    path("settings/galleries/<str:gallery_slug>/delete/", galleries.delete_gallery, name="delete_gallery"),
    path("settings/picture/", picture.picture, name="picture"),
    path("private/<path:name>", vault_file, name="vault_file"),
]
