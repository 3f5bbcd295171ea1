"""Members' addresses: their pages, galleries and posts, and what they do with them."""

from django.http import Http404
from django.urls import path

from .views import members, posts


def later(request, **kwargs):
    raise Http404


urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/<str:username>/", members.member, name="member"),
    path("members/<str:username>/<str:gallery_slug>/", members.gallery, name="gallery"),
    path("members/<str:username>/<str:gallery_slug>/<str:short_id>/", posts.post, name="post"),
    path("p/<str:short_id>/", posts.permalink, name="permalink"),
    path("private/<path:name>", later, name="vault_file"),
]
