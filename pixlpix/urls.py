"""Every address of the site. Members' addresses come before Wagtail's, which would walk down the tree to find them."""

from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from .views import local_media, security_txt
from .watching.views import healthz, metrics, readyz

handler500 = "pixlpix.watching.outages.server_error"
handler429 = "pixlpix.views.too_many_requests"

urlpatterns = [
    # First: some of these shadow addresses of Wagtail's and allauth's.
    path("", include("community.account_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("api/", include("pixlpix.api.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("", include("home.urls")),
    path("", include("search.urls")),
    path("", include("community.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
]

if settings.SERVE_MEDIA:
    urlpatterns += [path("media/<path:path>", local_media)]

urlpatterns += [path("", include(wagtail_urls))]
