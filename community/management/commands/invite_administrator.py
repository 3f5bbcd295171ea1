"""`manage.py invite_administrator EMAIL`: how the first administrator comes in."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from community.actions.invite import invite


class Command(BaseCommand):
    help = "Invite somebody to become an administrator: prints and mails a link that works once."

    def add_arguments(self, parser):
        parser.add_argument("email", help="The address that the link is mailed to; they join with this address.")

    def handle(self, *args, email, **options):
        try:
            invitation, link, mailed = invite(email, "Administrators", by=None)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"Invited {invitation.email}. The link works once, until {invitation.expires_at:%d %B %Y}:")
        self.stdout.write(link)
        if not mailed:
            self.stderr.write("The mail could not be sent (see the log): pass the link on yourself.")
