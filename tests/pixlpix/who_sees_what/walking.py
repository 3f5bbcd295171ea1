"""Asking at an address as somebody, and comparing with the table."""

from django.db import transaction
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.admin import urls as wagtailadmin_urls

from tests.visiting import body_of, fetch

from .world import GONE, OTHERS, PEOPLE, STATES

# Answers nobody in particular: no session is read there.
NO_VIEWER = ("api:", "media/")


def sees(row):
    """A row of the table as {(state, person)}."""
    cells = row.split()
    assert len(cells) == len(STATES), row
    return {(state, who) for state, cell in zip(STATES, cells, strict=True) for who in cell.replace("-", "")}


def looks_as(who, name):
    """The letter of the table that stands for `who` at the address called `name`; "" for nobody's."""
    if who in OTHERS:
        return "V" if name.startswith(NO_VIEWER) else OTHERS[who][0]
    return who


def tell(wrong):
    """Differences from the table, (name, state, who, what), to read."""
    names = PEOPLE | {who: words for who, (_as, words) in OTHERS.items()}
    return [f"{name}: {names[who]}, {state} post: {what}" for name, state, who, what in wrong]


def leads_to_sign_in(response):
    """Whether the answer leads to a door, or to the page that says why somebody is suspended."""
    return response.status_code == 302 and "/accounts/" in response["Location"]


def wrong_answer(client, url, state, expected, mark, after=""):
    """What is wrong with the answer at the address of one post; empty where nothing is."""
    response = fetch(client, url)
    if expected:
        leads = response.status_code in (301, 302) and response["Location"] == after
        return "" if response.status_code == 200 or leads else f"sees it not ({response.status_code})"
    if leads_to_sign_in(response):
        return ""
    if mark.encode() in body_of(response):
        return "reads its caption"
    allowed = (404, 403, 405, 410) if state in GONE else (404, 403, 405)
    return "" if response.status_code in allowed else f"gets {response.status_code}"


def wrong_at_posts(world, table, cells):
    """Differences at the addresses of `table` (OF_A_POST) for these `cells`, pairs of state and who."""
    wrong = []
    for name, (row, address) in there(table).items():
        expected = sees(row)
        for state, who in cells:
            post = world.posts[state]
            seen = (state, looks_as(who, name)) in expected
            url, mark = address(world, post), world.mark(state)
            if what := wrong_answer(world.clients[who], url, state, seen, mark, after=post.address()):
                wrong.append((name, state, who, what))
    return wrong


def wrong_in_acts(world, table, cells):
    """Differences where something is done: `table` is ACTS_ON_A_POST. Each act is taken back."""
    wrong = []
    for name, (row, address, data) in table.items():
        expected = sees(row)
        for state, who in cells:
            before = transaction.savepoint()
            response = world.clients[who].post(address(world, world.posts[state]), data)
            transaction.savepoint_rollback(before)
            refused = response.status_code in (403, 404, 410) or leads_to_sign_in(response)
            if refused == ((state, looks_as(who, name)) in expected):
                wrong.append((name, state, who, f"gets {response.status_code}"))
    return wrong


def wrong_in_lists(world, table, people):
    """Differences in lists: `table` is LISTS, or part of it. Those of one author are asked for each author."""
    wrong = []
    for name, (row, address) in table.items():
        expected = sees(row)
        urls = {state: address(world, post) for state, post in world.posts.items()}
        for url in dict.fromkeys(urls.values()):
            for who in people:
                response = world.clients[who].get(url)
                body = body_of(response) if response.status_code == 200 else b""
                for state, post in world.posts.items():
                    shown = post.short_id.encode() in body or world.mark(state).encode() in body
                    if shown != (urls[state] == url and (state, looks_as(who, name)) in expected):
                        wrong.append((name, state, who, "is shown it" if shown else "is not shown it"))
    return wrong


def plain(name):
    """The URL name of a row."""
    return name.partition("#")[0]


def there(table):
    """Of a table, what the site has: files have no address of the site where they lie in a bucket."""
    names = set(names_of(get_resolver()))
    return {name: row for name, row in table.items() if plain(name) in names or name.startswith("media/")}


def address_of(name, *parts):
    """The address called `name`, made of as many of `parts` as it takes."""
    for count in range(len(parts) + 1):
        try:
            return reverse(name, args=parts[:count])
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name} takes something else than {parts}")


def names_of(resolver):
    """The name of each address but the console's, or its pattern where it has none."""
    for part in resolver.url_patterns:
        if not hasattr(part, "url_patterns"):
            yield part.name or str(part.pattern)
        elif (part.namespace or "").startswith("api"):
            yield from (f"api:{name}" for name in names_of(part))
        elif part.urlconf_name is not wagtailadmin_urls:  # staff's, behind AdminDoor: tests/community/admin/
            yield from names_of(part)
