"""What people do with posts: like, save, pin, suggest a description."""

from django.urls import path

from .views import likes, pins, saved, suggestions

urlpatterns = [
    path("p/<str:short_id>/like/", likes.like, name="like"),
    path("p/<str:short_id>/likes/", likes.likes, name="likes"),
    path("p/<str:short_id>/save/", saved.save, name="save"),
    path("p/<str:short_id>/pin/", pins.pin, name="pin"),
    path("p/<str:short_id>/photos/<str:key>/describe/", suggestions.suggest, name="suggest"),
    path("suggestions/<str:key>/", suggestions.answer_suggestion, name="answer_suggestion"),
    path("saved/", saved.saved, name="saved"),
    path("saved/<str:key>/", saved.saved_list, name="saved_list"),
]
