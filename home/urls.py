"""Addresses of the site as a whole. Editorial pages are served by Wagtail."""

from django.urls import path

from community.syndication import view_of

from .views import explore, sitemap
from .views.front import front_page
from .views.picking import pick

urlpatterns = [
    path("", front_page, name="front"),
    path("explore/", explore.explore, name="explore"),
    path("picks/", explore.picks, name="picks"),
    path("picks/<str:short_id>/", pick, name="pick_post"),
    path("feeds/picks/<str:kind>/", view_of(explore.PicksFeed), name="picks_feed"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap/<str:name>.xml", sitemap.section, name="sitemap_section"),
    path("robots.txt", sitemap.robots, name="robots"),
    path(".well-known/tdmrep.json", sitemap.tdm_reservation, name="tdm_reservation"),
]
