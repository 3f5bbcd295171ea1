"""Addresses of the site as a whole. Editorial pages are served by Wagtail."""

from django.urls import path

from .views import sitemap
from .views.front import front_page

urlpatterns = [
    path("", front_page, name="front"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap/<str:name>.xml", sitemap.section, name="sitemap_section"),
    path("robots.txt", sitemap.robots, name="robots"),
]
