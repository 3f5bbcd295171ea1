"""Members' addresses: their pages, galleries and posts, and what they do with them."""

from django.urls import include, path

from .views import members, posts

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/<str:username>/", members.member, name="member"),
    path("members/<str:username>/<str:gallery_slug>/", members.gallery, name="gallery"),
    path("members/<str:username>/<str:gallery_slug>/<str:short_id>/", posts.post, name="post"),
    path("p/<str:short_id>/", posts.permalink, name="permalink"),
    path("", include("community.sharing_urls")),
]
