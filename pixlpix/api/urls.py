"""/api/v1/, and a problem for every other address below /api/."""

from django.urls import path

from . import addresses  # noqa: F401 (registers where the API shows posts)
from .operations import api
from .problems import problem


def nothing(request, rest):
    return problem(404)


urlpatterns = [
    path("v1/", api.urls),
    path("<path:rest>", nothing),
]
