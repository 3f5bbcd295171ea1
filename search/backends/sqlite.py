"""Search on SQLite: an FTS5 table over the posts' tokens, which triggers keep in step.

The table holds no text of its own ("external content"): it reads gallery_postpage. Its tokenizer is `ascii`, to which
every character beyond ASCII is part of a word and which so takes the tokens as they come. Django's schema editor makes
a table anew for most changes and thereby drops its triggers: `mend` runs after every `migrate` and puts them back.
"""

import logging

from django.db.models.expressions import RawSQL

from gallery import keyset

from .base import Engine

logger = logging.getLogger(__name__)

TABLE = """
CREATE VIRTUAL TABLE search_post_fts USING fts5(
    tokens, content='gallery_postpage', content_rowid='page_ptr_id', tokenize='ascii', columnsize=0
)
"""
# "delete" must name the tokens that the index holds, hence the old ones; a save that changes none costs nothing.
TRIGGERS = {
    "search_post_added": """
        CREATE TRIGGER search_post_added AFTER INSERT ON gallery_postpage BEGIN
            INSERT INTO search_post_fts (rowid, tokens) VALUES (new.page_ptr_id, new.tokens);
        END
    """,
    "search_post_changed": """
        CREATE TRIGGER search_post_changed AFTER UPDATE OF tokens ON gallery_postpage WHEN old.tokens IS NOT new.tokens
        BEGIN
            INSERT INTO search_post_fts (search_post_fts, rowid, tokens) VALUES ('delete', old.page_ptr_id, old.tokens);
            INSERT INTO search_post_fts (rowid, tokens) VALUES (new.page_ptr_id, new.tokens);
        END
    """,
    "search_post_deleted": """
        CREATE TRIGGER search_post_deleted AFTER DELETE ON gallery_postpage BEGIN
            INSERT INTO search_post_fts (search_post_fts, rowid, tokens) VALUES ('delete', old.page_ptr_id, old.tokens);
        END
    """,
}


class SQLiteEngine(Engine):
    """FTS5. One query a page."""

    def find(self, query, posts, cursor="", size=30):
        if not query:
            return keyset.Page([], "")
        matches = RawSQL("SELECT rowid FROM search_post_fts WHERE search_post_fts MATCH %s", [expression(query)])
        return keyset.page_of(posts.filter(pk__in=matches), cursor, size=size)

    def install(self):
        missing = self.missing()
        with self.connection.cursor() as cursor:
            if "search_post_fts" in missing:
                cursor.execute(TABLE)
            for name in TRIGGERS:
                if name in missing:
                    cursor.execute(TRIGGERS[name])
        if missing:
            # What was written while a trigger was away is not in the index.
            self.refill()

    def mend(self):
        """Put back triggers that a table's remaking dropped; nothing where search is not installed or all is well."""
        missing = self.missing()
        if missing and "search_post_fts" not in missing:
            logger.info("Search triggers were gone (a migration made their table anew): put back, index filled anew.")
            self.install()

    def remove(self):
        with self.connection.cursor() as cursor:
            for name in TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute("DROP TABLE IF EXISTS search_post_fts")

    def missing(self):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")
            there = {name for (name,) in cursor.fetchall()}
        return [name for name in ("search_post_fts", *TRIGGERS) if name not in there]

    def refill(self):
        with self.connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_post_fts (search_post_fts) VALUES ('rebuild')")


def expression(query):
    """The FTS5 expression for `query`. Tokens are letters and digits; in double quotes none of them is an operator."""
    wanted = " AND ".join(map(phrase, query.include))
    if not query.exclude:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(map(phrase, query.exclude))})"


def phrase(term):
    return '"' + " ".join(term.tokens).replace('"', '""') + '"' + (" *" if term.prefix else "")
