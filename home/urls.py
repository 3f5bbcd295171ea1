"""Addresses of the site as a whole. The front page and editorial pages are served by Wagtail."""

from django.urls import path

from .views import sitemap

urlpatterns = [
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap/<str:name>.xml", sitemap.section, name="sitemap_section"),
    path("robots.txt", sitemap.robots, name="robots"),
]
