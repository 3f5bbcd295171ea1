"""Addresses of what is gathered for members and visitors."""

from django.urls import path

from . import syndication
from .syndication import view_of
from .views import home, oembed

urlpatterns = [
    path("home/", home.home, name="home"),
    path("home/new/", home.home_new, name="home_new"),
    path("oembed", oembed.oembed, name="oembed"),
    path("feeds/members/<str:username>/<str:kind>/", view_of(syndication.MemberFeed), name="member_feed"),
    path(
        "feeds/galleries/<str:username>/<str:gallery_slug>/<str:kind>/",
        view_of(syndication.GalleryFeed),
        name="gallery_feed",
    ),
    path("feeds/tags/<str:tag>/<str:kind>/", view_of(syndication.HashtagFeed), name="hashtag_feed"),
    path("feeds/prompts/<str:slug>/<str:kind>/", view_of(syndication.PromptFeed), name="prompt_feed"),
]
