"""Addresses at which members look after their account: what they are called, how they sign in, what is theirs."""

from django.urls import path

from .views import account, decisions, transparency

urlpatterns = [
    path("transparency/", transparency.transparency, name="transparency"),
    path("settings/decisions/", decisions.decisions, name="decisions"),
    path("settings/decisions/<str:key>/appeal/", decisions.appeal_page, name="appeal"),
    path("settings/username/", account.username, name="change_username"),
    path("settings/devices/", account.devices, name="devices"),
    path("settings/devices/<str:key>/name/", account.name_device, name="name_device"),
    path("settings/devices/<str:key>/end/", account.end_device, name="end_device"),
]
