"""Write the style sheet of the shapes of pictures and their focal points again, after gallery/ratios.py changed."""

from pathlib import Path

from django.core.management.base import BaseCommand

from gallery.ratios import ratios_sheet

SHEET = Path(__file__).resolve().parents[3] / "static" / "css" / "ratios.css"


class Command(BaseCommand):
    """`manage.py write_ratios`: writes static/css/ratios.css."""

    help = "Writes static/css/ratios.css from gallery/ratios.py."

    def handle(self, *args, **options):
        SHEET.write_text(ratios_sheet(), encoding="utf-8")
        self.stdout.write(f"Wrote {SHEET.name}.")
