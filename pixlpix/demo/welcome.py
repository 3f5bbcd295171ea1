"""What a newcomer is told: where the site is, who lives there, and where mail lies."""

from django.conf import settings

from .fill import PASSWORD


def who_is_who(content):
    """The demo's people and their one password, as lines of text."""
    staff = ", ".join(f"{person.username} ({person.group.lower()})" for person in content.staff)
    return [
        f"Members   {', '.join(person.username for person in content.members)}",
        f"Staff     {staff}",
        f"Password  {PASSWORD}   (the same for all of them)",
    ]


def where_things_are(address):
    """Addresses of the site and the staff console, and the folder of mail that was "sent", as lines of text."""
    return [
        f"Site      {address}/",
        f"Staff     {address}/admin/",
        f"Mail      {settings.EMAIL_FILE_PATH}",
    ]
