"""Addresses on what members are told."""

from django.urls import path

from .views import notification_settings, notifications

urlpatterns = [
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read_all, name="read_notifications"),
    path("notifications/unsubscribe/<str:token>/", notification_settings.unsubscribe, name="unsubscribe"),
    path("settings/notifications/", notification_settings.notification_settings, name="notification_settings"),
    path("notifications/<str:key>/", notifications.notification, name="notification"),
]
