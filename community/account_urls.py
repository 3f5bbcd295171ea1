"""Addresses on joining, accounts, policies and settings, and those of Wagtail's and allauth's that ours shadow."""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from .admin import pictures as admin_pictures
from .admin import site_history
from .views import account, doors, invitations, joining, local_mail, policies, settings

urlpatterns = [
    # Logins beside allauth, which know no rate limit: each leads to the one door.
    path("admin/login/", doors.sign_in, name="admin_login"),
    path("admin/logout/", allauth_views.logout, name="admin_logout"),
    re_path(r"^admin/password_reset/.*$", doors.reset_password, name="admin_password_reset"),
    path("_util/login/", doors.sign_in, name="page_login"),
    # Wagtail's page of one's own account, without the form that would decode any picture.
    path("admin/account/", admin_pictures.account, name="admin_account"),
    path("admin/reports/site-history/", site_history.page, name="admin_site_history"),
    path("admin/reports/site-history/results/", site_history.results, name="admin_site_history_results"),
    # Wagtail's report that counts every page of the tree, type by type.
    re_path(r"^admin/reports/page-types-usage/.*$", doors.not_here, name="admin_page_types"),
    # Joining
    path("accounts/signup/", joining.signup, name="account_signup"),
    path("accounts/invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("accounts/policy/", policies.accept, name="accept_policy"),
    path("accounts/policy/declined/", policies.decline, name="decline_policy"),
    path("accounts/suspended/", settings.suspended, name="suspended"),
    path("accounts/left/", settings.left, name="left"),
    path("accounts/come-back/", account.come_back, name="come_back"),
    path("policy/", policies.current, name="policy"),
    path("policy/<int:number>/", policies.version, name="policy_version"),
    # One's own account
    path("settings/", settings.profile, name="settings"),
    path("settings/export/", settings.export, name="export"),
    path("settings/export/<str:key>/", settings.export_file, name="export_file"),
    path("settings/leave/", settings.leave_page, name="leave"),
    # Mail that a local run "sent"; nothing outside DEBUG.
    path("dev/mail/latest/", local_mail.latest, name="local_mail"),
]
