"""Members' addresses: their pages, galleries and posts, and what they do with them."""

from django.urls import include, path

from .views import announcements, members, posts

urlpatterns = [
    path("", include("community.feeds_urls")),
    path("", include("community.people_urls")),
    path("announcements/<str:key>/dismiss/", announcements.dismiss, name="dismiss_announcement"),
    path("members/", members.members, name="members"),
    path("members/<str:username>/", members.member, name="member"),
    path("members/<str:username>/<str:gallery_slug>/", members.gallery, name="gallery"),
    path("members/<str:username>/<str:gallery_slug>/<str:short_id>/", posts.post, name="post"),
    path("p/<str:short_id>/", posts.permalink, name="permalink"),
    path("", include("community.galleries_urls")),
    path("", include("community.sharing_urls")),
    path("", include("community.rights_urls")),
    path("", include("community.posts_urls")),
    path("", include("community.talk_urls")),
    path("", include("community.bell_urls")),
    path("", include("community.reports_urls")),
]
