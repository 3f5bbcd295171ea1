from django.urls import path

from . import views

urlpatterns = [
    path("search/", views.results, name="search"),
    path("search/suggest/", views.suggest, name="search_suggestions"),
]
