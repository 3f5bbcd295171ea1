"""Search on PostgreSQL: a generated tsvector column beside the posts' tokens, with a GIN index.

PostgreSQL's parser and dictionaries take no part. The vector is made of the tokens as they are, by a function of ours,
and a query is a ready-made tsquery. docs/decisions/0003-search.md has the figures behind what follows.

Which way to a page is quick depends on how many posts match, and the planner cannot know: of two common words that
never meet it expects thousands of matches and walks the whole index of dates for them. So each page

1. walks the newest WINDOW posts after the cursor; where a page's worth matches there, that is it (common words);
2. else gathers matches from the GIN index, up to CAP, and sorts them (rare words, words that never meet);
3. and where there are more than CAP candidates, walks on, over BUDGET posts at most. The page then holds what was
   found, and its cursor says where to look on.
"""

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from gallery import keyset
from gallery.states import LISTED

from .base import Engine

WINDOW = 1_000  # posts; some milliseconds
CAP = 20_000  # posts
BUDGET = 100_000  # posts

# Positions make phrases; a vector has 16,383 of them (and keeps 256 for one token, so that in a text of more than 256
# equal words a phrase with that word may be missed beyond). Quoting is for safety alone: tokens need none.
VECTOR_FUNCTION = r"""
CREATE OR REPLACE FUNCTION search_post_vector(tokens text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
    SELECT coalesce(
        string_agg(
            '''' || replace(replace(token, '\', '\\'), '''', '''''') || ''':' || least(place, 16383), ' '
        ),
        ''
    )::tsvector
    FROM unnest(string_to_array(tokens, ' ')) WITH ORDINALITY AS cut (token, place)
    WHERE token <> ''
$$
"""
COLUMN = """
ALTER TABLE gallery_postpage ADD COLUMN search_vector tsvector
GENERATED ALWAYS AS (search_post_vector(tokens)) STORED
"""
# Without the list of pending entries, which every search would have to read through.
INDEX = "CREATE INDEX search_post_gin ON gallery_postpage USING gin (search_vector) WITH (fastupdate = off)"
# A function with settings of its own is a fence: the planner can neither look inside nor choose another way.
HITS_FUNCTION = """
CREATE OR REPLACE FUNCTION search_post_hits(wanted tsquery, cap integer) RETURNS SETOF integer
LANGUAGE sql STABLE ROWS 1000 SET enable_seqscan = off SET jit = off AS $$
    SELECT page_ptr_id FROM gallery_postpage WHERE search_vector @@ wanted LIMIT cap
$$
"""
PARTS = {
    "search_post_vector": VECTOR_FUNCTION,
    "search_vector": COLUMN,
    "search_post_gin": INDEX,
    "search_post_hits": HITS_FUNCTION,
}


class PostgreSQLEngine(Engine):
    """tsvector and GIN. Two to five queries a page, none of which looks at more than BUDGET posts."""

    def find(self, query, posts, cursor="", size=30):
        if not query:
            return keyset.Page([], "")
        try:
            found, end = self.places(query, posts, cursor, size)
        except EmptyResultSet:  # Django's word for posts.none(), which it has no SQL for
            found, end = [], None
        by_pk = posts.in_bulk([pk for pk, _at, _key in found])
        # A post that was withdrawn between the two queries is left out.
        items = [by_pk[pk] for pk, _at, _key in found if pk in by_pk]
        return keyset.Page(items, keyset.encode(*end) if end else "")

    def places(self, query, posts, cursor, size):
        """The matches of one page: (primary key, published, short id), and the place to look on from, or None."""
        wanted = tsquery(query)
        found, end = self.walk(posts, cursor, wanted, WINDOW, size + 1), None
        if len(found) <= size:
            gathered = self.gather(keyset.after(posts, cursor), wanted, candidates(query), size + 1)
            if gathered is None:
                found = self.walk(posts, cursor, wanted, BUDGET, size + 1)
                end = self.place(ahead(posts, cursor), BUDGET) if len(found) <= size else None
            else:
                found = gathered
        if len(found) > size:
            found = found[:size]
            end = found[-1][1:]
        return found, end

    def walk(self, posts, cursor, wanted, posts_at_most, rows):
        """The first `rows` of `posts` that match, among the newest `posts_at_most` listed ones after `cursor`."""
        matches = RawSQL('"gallery_postpage"."search_vector" @@ %s::tsquery', [wanted], BooleanField())
        window = ahead(posts, cursor).annotate(matches=matches)
        window = window.values_list("pk", "published_at", "short_id", "matches")[:posts_at_most]
        window_sql, window_params = window.query.sql_with_params()
        posts_sql, posts_params = posts.order_by().values_list("pk").query.sql_with_params()
        # The limit within is the bound, and keeps the planner from going elsewhere; it stops early at the limit without.
        return self.rows(
            f"SELECT near.pk, published, short FROM ({window_sql}) AS near (pk, published, short, matches) "  # noqa: S608
            f"JOIN ({posts_sql}) AS shown (pk) ON shown.pk = near.pk "
            "WHERE matches ORDER BY published DESC, short DESC LIMIT %s",
            [*window_params, *posts_params, rows],
        )

    def gather(self, posts, wanted, candidate, rows):
        """The newest `rows` of `posts` that match, from the GIN index; None where more than CAP posts are candidates.

        `candidate` is a query that the index answers by itself, without phrases: those are looked at afterwards.
        """
        matches = RawSQL('"gallery_postpage"."search_vector" @@ %s::tsquery', [wanted], BooleanField())
        hits = RawSQL("SELECT hit FROM hits", [])
        few = RawSQL("SELECT count(*) <= %s FROM hits", [CAP], BooleanField())
        matching = posts.filter(few, matches, pk__in=hits)
        inner, params = matching.order_by().values_list("pk", "published_at", "short_id").query.sql_with_params()
        found = self.rows(
            "WITH hits AS MATERIALIZED (SELECT hit FROM search_post_hits(%s::tsquery, %s) AS hit), "  # noqa: S608
            f"found (pk, published, short) AS MATERIALIZED ({inner}) "
            "SELECT pk, published, short, many FROM (SELECT count(*) > %s AS many FROM hits) AS counted "
            "LEFT JOIN found ON true ORDER BY published DESC, short DESC LIMIT %s",
            [candidate, CAP + 1, *params, CAP, rows],
        )
        if found[0][3]:
            return None
        return [(pk, at, key) for pk, at, key, _many in found if pk is not None]

    def place(self, posts, number):
        """Where the post with this number among the newest of `posts` stands, or None where there are not so many."""
        return posts.values_list("published_at", "short_id")[number - 1 : number].first()

    def rows(self, sql, params=()):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    def install(self):
        missing = self.missing()
        for name, sql in PARTS.items():
            if name in missing:
                self.execute(sql)

    def remove(self):
        self.execute("DROP FUNCTION IF EXISTS search_post_hits(tsquery, integer)")
        self.execute("ALTER TABLE gallery_postpage DROP COLUMN IF EXISTS search_vector")  # and its index with it
        self.execute("DROP FUNCTION IF EXISTS search_post_vector(text)")

    def missing(self):
        names = self.rows(
            """
            SELECT proname::text FROM pg_proc WHERE pg_function_is_visible(oid)
            UNION ALL SELECT attname::text FROM pg_attribute
                WHERE attrelid = 'gallery_postpage'::regclass AND NOT attisdropped
            UNION ALL SELECT indexname::text FROM pg_indexes WHERE tablename = 'gallery_postpage'
            """
        )
        there = {name for (name,) in names}
        return [name for name in PARTS if name not in there]

    def refill(self):
        # The column follows its row by itself; the index is all that can be made anew.
        self.execute("REINDEX INDEX search_post_gin")

    def execute(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)


def ahead(posts, cursor):
    """All listed posts after `cursor`, newest first: columns of their own row alone, so one index serves them."""
    listed = type(posts)(posts.model, using=posts.db).filter(LISTED)
    return keyset.after(listed, cursor).order_by("-published_at", "-short_id")


def tsquery(query):
    """The tsquery literal for `query`; cast to the type, it is never parsed as text."""
    return " & ".join([*map(neighbours, query.include), *(f"!{neighbours(term)}" for term in query.exclude)])


def candidates(query):
    """A wider tsquery that GIN answers alone: each phrase as its words, and left-out phrases not left out."""
    wanted = {}
    for term in query.include:
        *words, last = map(lexeme, term.tokens)
        wanted.update(dict.fromkeys([*words, last + ":*" if term.prefix else last]))
    unwanted = [f"!{neighbours(term)}" for term in query.exclude if len(term.tokens) == 1]
    return " & ".join([*wanted, *unwanted])


def neighbours(term):
    """A term as tsquery: its tokens side by side, the last with `:*` where it may go on."""
    return "(" + " <-> ".join(map(lexeme, term.tokens)) + (":*" if term.prefix else "") + ")"


def lexeme(token):
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
