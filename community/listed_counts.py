"""How many posts of a member are listed (visible and public), counted by the database itself.

Whatever writes a post's row decides that number: saves, queryset updates, the console, raw SQL. So triggers on the table of
posts keep `MemberCounts.posts`, in the statement that changes the row; gallery knows nothing of it, and nothing can forget
to say it. The condition is the LISTED of gallery/states.py. A count never keeps a post from being taken down: it stops at 0.

SQLite drops a table's triggers without a word where a migration makes the table anew; `mend` puts them back after every
`migrate` and counts again. A migration that alters `MemberCounts` itself runs `remove` first.
"""

import logging

from django.db import connections

logger = logging.getLogger(__name__)

COLUMNS = "author_id, author_state, team_state, photos_ready, hidden_by, effective_visibility"
NAMES = ("community_listed_in", "community_listed_out", "community_listed_changed", "community_unlisted_changed")


def is_listed(row):
    """The condition LISTED on a row, in words that both databases understand."""
    return (
        f"({row}.author_state = 'published' AND {row}.team_state = 'none' AND {row}.photos_ready"
        f" AND {row}.hidden_by = 0 AND {row}.effective_visibility = 'public')"
    )


ONE_MORE = """INSERT INTO community_membercounts (user_id, followers, following, posts) VALUES (NEW.author_id, 0, 0, 1)
    ON CONFLICT (user_id) DO UPDATE SET posts = community_membercounts.posts + 1;"""
ONE_LESS = "UPDATE community_membercounts SET posts = posts - 1 WHERE user_id = OLD.author_id AND posts > 0;"
CHANGED = f"(OLD.author_id <> NEW.author_id OR {is_listed('OLD')} <> {is_listed('NEW')})"

SQLITE = [
    f"""CREATE TRIGGER community_listed_in AFTER INSERT ON gallery_postpage WHEN {is_listed("NEW")}
    BEGIN {ONE_MORE} END""",
    f"""CREATE TRIGGER community_listed_out AFTER DELETE ON gallery_postpage WHEN {is_listed("OLD")}
    BEGIN {ONE_LESS} END""",
    f"""CREATE TRIGGER community_listed_changed AFTER UPDATE OF {COLUMNS} ON gallery_postpage
    WHEN {CHANGED} AND {is_listed("NEW")}
    BEGIN {ONE_MORE} END""",
    f"""CREATE TRIGGER community_unlisted_changed AFTER UPDATE OF {COLUMNS} ON gallery_postpage
    WHEN {CHANGED} AND {is_listed("OLD")}
    BEGIN {ONE_LESS} END""",
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION community_count_listed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND {is_listed("OLD")} THEN {ONE_LESS} END IF;
        IF TG_OP <> 'DELETE' AND {is_listed("NEW")} THEN {ONE_MORE} END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER community_listed_in AFTER INSERT OR DELETE ON gallery_postpage
    FOR EACH ROW EXECUTE FUNCTION community_count_listed()""",
    f"""CREATE TRIGGER community_listed_changed AFTER UPDATE OF {COLUMNS} ON gallery_postpage
    FOR EACH ROW WHEN {CHANGED} EXECUTE FUNCTION community_count_listed()""",
]
COUNT_AGAIN = [
    """INSERT INTO community_membercounts (user_id, followers, following, posts)
    SELECT DISTINCT author_id, 0, 0, 0 FROM gallery_postpage WHERE true ON CONFLICT (user_id) DO NOTHING""",
    f"""UPDATE community_membercounts SET posts = (
        SELECT COUNT(*) FROM gallery_postpage p WHERE p.author_id = community_membercounts.user_id AND {is_listed("p")}
    )""",  # noqa: S608 (nothing in it comes from anybody)
]


def install(connection):
    """Make the triggers, and count what there is."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)
        for statement in COUNT_AGAIN:
            cursor.execute(statement)


def remove(connection):
    """Drop the triggers; the counts stay as they are."""
    on = "" if connection.vendor == "sqlite" else " ON gallery_postpage"
    with connection.cursor() as cursor:
        for name in NAMES:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def mend_after_migrate(using, **kwargs):
    """After `migrate` (Django's post_migrate): on SQLite, put back triggers that a migration of gallery's dropped."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name FROM sqlite_master WHERE name LIKE 'community_%'")
        there = set(cursor.fetchall())
    if ("table", "community_membercounts") in there and ("trigger", "community_listed_changed") not in there:
        logger.info("Triggers that count listed posts were gone (a migration made their table anew): put back.")
        install(connection)
