"""The console's home page says what is wrong, to those who run the site: also when no mail could."""

from wagtail import hooks
from wagtail.admin.ui.components import Component

from community.permissions import may_see_running

from .models import Alert
from .troubles import TROUBLES


class AlertsPanel(Component):
    """What is wrong now; nothing where all is well. One query."""

    name = "alerts"
    order = 10
    template_name = "watching/alerts.html"

    def __init__(self, alerts):
        self.alerts = alerts

    def get_context_data(self, parent_context):
        return {"alerts": self.alerts}


@hooks.register("construct_homepage_panels")
def show_alerts(request, panels):
    if not may_see_running(request.user):
        return
    alerts = [alert for alert in Alert.objects.order_by("since") if alert.kind in TROUBLES]
    for alert in alerts:
        alert.title, alert.section = TROUBLES[alert.kind].title, TROUBLES[alert.kind].section
    if alerts:
        panels.append(AlertsPanel(alerts))
