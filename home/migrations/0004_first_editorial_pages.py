"""About, contact and legal notice, with first texts for staff to complete: what is theirs to fill in is in brackets."""

import json
import uuid

from django.db import migrations

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

PAGES = [
    (
        "about",
        "About PixlPix",
        [
            ("text", "<p>PixlPix is a place to share photographs and to find them by their captions.</p>"),
            ("heading", "What it is for"),
            (
                "text",
                "<p>Members put photographs into galleries of their own, write what they want to say about them, and "
                "describe them for people who cannot see them. Everybody can look, and search by those words.</p>",
            ),
            ("heading", "What we do not do"),
            (
                "text",
                "<p>There are no trackers and no adverts. No page asks another company's servers for anything. We keep "
                "what people type or upload, and nothing else about them; no addresses of their devices, no names of "
                "their browsers.</p>",
            ),
            ("heading", "When something should not be here"),
            (
                "text",
                "<p>Tell us, on the page “Contact”. The team looks at it and can take a post down at once; its "
                "pictures are then out of reach for everybody else.</p>",
            ),
        ],
    ),
    (
        "contact",
        "Contact",
        [
            (
                "text",
                "<p>Write to [EMAIL ADDRESS OF THE OPERATOR]. People read it, on working days, and answer.</p>",
            ),
            ("heading", "About a post"),
            (
                "text",
                "<p>Send the address of the post and say what is wrong with it: the link “Permanent link” on its page "
                "is best. If it shows you, or is your work, say so.</p>",
            ),
            ("heading", "About your data"),
            (
                "text",
                "<p>Write from the address that your account has. You can ask what we keep of yours, and for a copy.</p>",
            ),
        ],
    ),
    (
        "legal-notice",
        "Legal notice",
        [
            (
                "text",
                "<p>This site is operated by:</p>"
                "<p>[NAME OF THE OPERATOR]<br/>[STREET AND NUMBER]<br/>[POSTCODE AND TOWN]<br/>[COUNTRY]</p>"
                "<p>Email: [EMAIL ADDRESS OF THE OPERATOR]<br/>Telephone: [TELEPHONE NUMBER]</p>"
                "<p>Represented by: [NAME OF THE PERSON WHO IS ANSWERABLE]</p>",
            ),
            ("heading", "Photographs"),
            (
                "text",
                "<p>Photographs and captions are by the members who shared them, and are theirs. What they have allowed "
                "us, and nobody else, stands in the policy that every member has accepted.</p>",
            ),
        ],
    ),
]


def number(step):
    """The number that a step of a tree path ("000A") stands for."""
    return int(step, 36)


def step(value):
    """A number as a step of a tree path, four digits to the base 36."""
    digits = ""
    for _place in range(4):
        value, rest = divmod(value, 36)
        digits = DIGITS[rest] + digits
    return digits


def add_pages(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    HomePage = apps.get_model("home", "HomePage")
    EditorialPage = apps.get_model("home", "EditorialPage")

    home = HomePage.objects.first()
    if home is None:
        return
    # In historical models the tree has no methods: rows are written as treebeard would write them.
    children = Page.objects.filter(path__startswith=home.path, depth=home.depth + 1)
    taken = set(children.values_list("slug", flat=True))
    last = max((number(path[-4:]) for path in children.values_list("path", flat=True)), default=0)
    content_type = ContentType.objects.get_or_create(app_label="home", model="editorialpage")[0]
    for slug, title, blocks in PAGES:
        if slug in taken:
            continue
        last += 1
        EditorialPage.objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            path=home.path + step(last),
            depth=home.depth + 1,
            numchild=0,
            url_path=f"{home.url_path}{slug}/",
            live=True,
            locale_id=home.locale_id,
            content_type=content_type,
            body=json.dumps([{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in blocks]),
        )
    Page.objects.filter(pk=home.pk).update(
        numchild=Page.objects.filter(path__startswith=home.path, depth=home.depth + 1).count()
    )


def leave(apps, schema_editor):
    """Nothing to undo: staff may have written into them."""


class Migration(migrations.Migration):
    dependencies = [("home", "0003_staff_groups")]

    operations = [migrations.RunPython(add_pages, leave)]
