"""Addresses of what members are to each other, and of their privacy. Before a member's galleries, whose names avoid these."""

from django.urls import path

from .views import people, privacy

urlpatterns = [
    path("members/<str:username>/follow/", people.follow, name="follow"),
    path("members/<str:username>/unfollow/", people.unfollow, name="unfollow"),
    path("members/<str:username>/remove-follower/", people.remove_follower, name="remove_follower"),
    path("members/<str:username>/mute/", people.mute, name="mute"),
    path("members/<str:username>/unmute/", people.unmute, name="unmute"),
    path("members/<str:username>/block/", people.block, name="block"),
    path("members/<str:username>/unblock/", people.unblock, name="unblock"),
    path("members/<str:username>/followers/", people.followers, name="followers"),
    path("members/<str:username>/following/", people.following, name="following"),
    path("settings/privacy/", privacy.privacy, name="privacy"),
    path("settings/requests/", privacy.requests, name="requests"),
    path("settings/requests/<str:username>/accept/", privacy.accept_request, name="accept_request"),
    path("settings/requests/<str:username>/decline/", privacy.decline_request, name="decline_request"),
]
