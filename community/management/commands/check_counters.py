"""`manage.py check_counters`: count likes, comments, followers and posts again; see community/counting.py."""

from django.core.management.base import BaseCommand, CommandError

from ...counting import NUMBERS, wrong_numbers


class Command(BaseCommand):
    help = (
        "Proves that every stored number is what it counts: prints what is wrong and exits with 1; --mend corrects it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--mend", action="store_true", help="correct what is wrong, each row under its lock")

    def handle(self, *args, mend, **options):
        wrong = 0
        for found in wrong_numbers(mend=mend):
            wrong += 1
            table = found.number.holder._meta.label
            self.stdout.write(
                f"{found.number.name}: {table} {found.key} says {found.stored}, there are {found.counted}"
                + (" (corrected)" if mend else "")
            )
        if wrong and not mend:
            raise CommandError(f"{wrong} numbers are wrong. Run it with --mend to correct them.", returncode=1)
        self.stdout.write(f"{wrong} corrected." if wrong else f"All right: {', '.join(n.name for n in NUMBERS)}.")
