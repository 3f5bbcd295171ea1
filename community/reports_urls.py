"""Addresses of reports, and of what the law on copyright asks."""

from django.urls import path

from .views import copyright, reports

urlpatterns = [
    path("report/post/<str:short_id>/", reports.report_post, name="report_post"),
    path("report/comment/<str:key>/", reports.report_comment, name="report_comment"),
    path("report/member/<str:username>/", reports.report_member, name="report_member"),
    path("settings/reports/", reports.own_reports, name="own_reports"),
    path("reports/<str:token>/", reports.report_answer, name="report_answer"),
    path("copyright/", copyright.about, name="copyright"),
    path("copyright/notice/", copyright.notice, name="copyright_notice"),
    path("copyright/counter/<str:short_id>/", copyright.counter, name="counter_notice"),
]
