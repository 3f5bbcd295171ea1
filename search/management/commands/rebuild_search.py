from django.core.management.base import BaseCommand

from search.actions.rebuild_search import rebuild_search


class Command(BaseCommand):
    help = "Cuts every post's caption and alternative texts into tokens anew and fills the search index from them."

    def handle(self, *args, **options):
        changed = rebuild_search()
        self.stdout.write(f"Search index filled anew; the tokens of {changed} posts had changed.")
