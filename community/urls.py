"""Members' addresses: their pages, galleries and posts, and what they do with them."""

from django.http import Http404
from django.urls import path


def later(request, **kwargs):
    raise Http404


urlpatterns = [
    path("members/", later, name="members"),
    path("members/<str:username>/", later, name="member"),
    path("members/<str:username>/<str:gallery_slug>/", later, name="gallery"),
    path("members/<str:username>/<str:gallery_slug>/<str:short_id>/", later, name="post"),
    path("p/<str:short_id>/", later, name="permalink"),
    path("private/<path:name>", later, name="vault_file"),
]
