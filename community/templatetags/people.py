"""Template filters for people: how they are named, and their avatar: their picture, or drawn initials."""

import zlib

from django import template

from gallery.files import media

register = template.Library()
TONES = 8  # as many as parts.css has tone-N classes
# The sides of avatars in CSS pixels, as in parts.css; up to SMALL the file of 96 pixels is sharp on any screen.
SIDES, SMALL = {"s": 22, "": 36, "l": 44, "xl": 88}, 36


@register.filter
def display_name(member):
    """The name a member goes by; the username where none was given."""
    return (getattr(member, "name", "") or "").strip() or member.get_username()


@register.filter
def initials(member):
    """One or two letters for a drawn avatar: of the first and last word of the name, else of the username."""
    words = [word for word in display_name(member).split() if word[:1].isalnum()]
    letters = [word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)]
    return "".join(letters).upper() or member.get_username()[:1].upper()


@register.filter
def tone_class(member):
    """The class that colours a member's drawn avatar: always the same for one username."""
    return f"tone-{zlib.crc32(member.get_username().lower().encode()) % TONES}"


@register.filter
def avatar_url(member, size):
    """The address of a member's picture for an avatar of this size ("s", "", "l", "xl"); empty where they have none.

    Asks nothing: the names of the files stand on the member's own row.
    """
    name = member.avatar_small if avatar_side(size) <= SMALL else member.avatar_large
    return media().url(name) if name else ""


@register.filter
def avatar_side(size):
    """The side of an avatar of this size in CSS pixels."""
    return SIDES.get(size, SIDES[""])


@register.simple_tag
def may_enter_console(user):
    """Whether `user` is staff and may enter the console (asks the database once a request, then remembers)."""
    return user.is_authenticated and user.has_perm("wagtailadmin.access_admin")
