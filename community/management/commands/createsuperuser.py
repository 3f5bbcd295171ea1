"""Closed: superusers are not used, and nobody has an account who did not accept the policy."""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Closed. Use invite_administrator."
    requires_system_checks = []

    def add_arguments(self, parser):
        # Whatever Django's own command takes is taken, so that the answer is the one below.
        for option in ("--username", "--email", "--name", "--database"):
            parser.add_argument(option)
        parser.add_argument("--noinput", "--no-input", action="store_true")

    def handle(self, *args, **options):
        raise CommandError(
            "PixlPix has no superusers: everybody, staff too, joins by accepting the policy. "
            "Run `manage.py invite_administrator EMAIL` instead; the link that it prints makes an administrator."
        )
