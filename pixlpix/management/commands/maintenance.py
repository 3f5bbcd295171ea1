"""Close the site for maintenance, open it again, or ask which it is; see pixlpix/maintenance.py."""

from django.core.management.base import BaseCommand

from pixlpix import maintenance


class Command(BaseCommand):
    help = "Maintenance mode: on (within 5 seconds every page answers 503), off, or status"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["on", "off", "status"])
        parser.add_argument("--why", default="", help="with on: what the team notes as the reason")

    def handle(self, *args, what, why, **options):
        if what == "on":
            maintenance.turn_on(why or "switched on by hand")
        elif what == "off":
            maintenance.turn_off()
        maintenance.forget()
        self.stdout.write("Maintenance mode is on." if maintenance.is_on() else "Maintenance mode is off.")
