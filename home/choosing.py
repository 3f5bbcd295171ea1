"""What curators choose among for the blocks of a page: posts, galleries and members that every visitor can find.

Each kind has a key that never changes, by which a block remembers the thing: the short id of a post, the number of a
gallery or of a member. Nothing else of it is kept in the page.
"""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.admin.finding import find_posts
from community.lists import with_photos
from community.visibility import featured_for
from gallery.keyset import LARGEST, By, Page, page_in, page_of
from search import people

from .composing import featurable_galleries, featurable_members, newest_keys

A_PAGE = 18
VISITOR = AnonymousUser()  # whoever curates: what they choose among is what everybody sees


def numbers(keys):
    """Those of `keys` (strings) that are primary keys."""
    return [int(key) for key in keys if key.isdecimal() and len(key) < 11 and int(key) <= LARGEST]


class Kind:
    """One kind of thing that a block shows."""

    name = ""
    icon = "image"
    choose = choose_another = placeholder = ""

    def find(self, typed, cursor=""):
        """One keyset page of what can be chosen, narrowed to what was `typed`: things with `choice_key`, `choice_title`,
        `choice_note` and `choice_post`, whose picture stands for it (with photos), or None."""
        raise NotImplementedError

    def titles(self, keys):
        """{key: title} of those of `keys` that every visitor can find now. 1 query."""
        raise NotImplementedError

    def title(self, key, titles):
        """How the editor names what has this key."""
        return titles.get(key) or gettext("Not shown to visitors any more (%(key)s)") % {"key": key}

    def state(self, key, titles):
        """What the field of a block holds, as Wagtail's chooser wants it."""
        return {"id": key, "title": self.title(key, titles), "edit_url": None}


class Posts(Kind):
    name = "post"
    choose, choose_another = _("Choose a post"), _("Choose another post")
    placeholder = _("Caption, @member, short id or address")

    def find(self, typed, cursor=""):
        page = find_posts(typed, featured_for(VISITOR).select_related("author", "gallery"), cursor, size=A_PAGE)
        with_photos(page.items)
        for post in page:
            post.choice_key, post.choice_title, post.choice_post = post.short_id, post.title, post
            post.choice_note = f"@{post.author.username}"
        return page

    def titles(self, keys):
        found = featured_for(VISITOR).filter(short_id__in=keys).values_list("short_id", "title", "author__username")
        return {key: f"{title} · @{username}" for key, title, username in found}


class Galleries(Kind):
    name, icon = "gallery", "folder-open-inverse"
    choose, choose_another = _("Choose a gallery"), _("Choose another gallery")
    placeholder = _("Whose it is: @member, or a name")

    def find(self, typed, cursor=""):
        galleries = featurable_galleries(VISITOR).select_related("author").order_by()
        typed = typed.replace("\0", "").strip()
        if typed.startswith("@"):
            galleries = galleries.filter(author__username=typed[1:].lower())
        elif typed:
            galleries = galleries.filter(author__in=[one.pk for one in people.members(VISITOR, typed, size=A_PAGE)])
        page = page_in([(galleries, (By("pk", int),))], cursor, size=A_PAGE)
        for gallery in page:
            gallery.choice_key, gallery.choice_title, gallery.choice_post = str(gallery.pk), gallery.title, None
            gallery.choice_note = f"@{gallery.author.username}"
        return with_pictures(page, "gallery")

    def titles(self, keys):
        found = (
            featurable_galleries(VISITOR).filter(pk__in=numbers(keys)).values_list("pk", "title", "author__username")
        )
        return {str(key): f"{title} · @{username}" for key, title, username in found}


class Members(Kind):
    name, icon = "member", "user"
    choose, choose_another = _("Choose a member"), _("Choose another member")
    placeholder = _("@member, or a name")

    def find(self, typed, cursor=""):
        typed = typed.replace("\0", "").strip()
        if typed.startswith("@"):
            page = page_of(
                featurable_members(VISITOR).filter(username=typed[1:].lower()), cursor, at="date_joined", key="username"
            )
        elif typed:
            page = people.members(VISITOR, typed, cursor, size=A_PAGE)
            page = Page([member for member in page if member.featurable], page.next)
        else:
            order = (By("date_joined", datetime), By("username"))
            page = page_in([(featurable_members(VISITOR), order)], cursor, size=A_PAGE)
        for member in page:
            member.choice_key, member.choice_title, member.choice_post = str(member.pk), str(member.name), None
            member.choice_note = f"@{member.username}"
        return with_pictures(page, "author")

    def titles(self, keys):
        found = featurable_members(VISITOR).filter(pk__in=numbers(keys)).values_list("pk", "name", "username")
        return {str(key): f"{name} · @{username}" for key, name, username in found}


def with_pictures(page, column):
    """`page` of galleries or members, each with its newest post that visitors find. 4 queries, or none for an empty page."""
    if not page.items:
        return page
    things = newest_keys(type(page.items[0])._base_manager.filter(pk__in=[one.pk for one in page]), VISITOR, column, 1)
    keys = dict(things.values_list("pk", "newest_0"))
    posts = featured_for(VISITOR).select_related("author", "gallery").in_bulk([key for key in keys.values() if key])
    with_photos(posts.values())
    for thing in page:
        thing.choice_post = posts.get(keys.get(thing.pk))
    return page


KINDS = {kind.name: kind for kind in (Posts(), Galleries(), Members())}
