"""Who writes announcements; and the guidelines, /guidelines/, with one rule for each category of what can be reported."""

import json
import uuid

from django.db import migrations

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
INTRODUCTION = (
    "<p>These rules hold for everything that is shared here: photographs, captions, descriptions, comments, names and "
    "profiles. When something of yours is taken down, you are told which of them it broke, and you can appeal.</p>"
    "<p>When you see something that breaks one, report it: the link stands on every post, under every comment and on "
    "every member’s page. Whom you report does not learn who did.</p>"
)
RULES = [
    (
        "child_safety",
        "Children are safe",
        "<p>Nothing that sexualises or harms a child, drawn or made by a machine either. We take it down at once, keep the "
        "evidence and tell the authorities.</p>",
    ),
    (
        "self_harm",
        "Nobody is led to harm themselves",
        "<p>No praise of self-harm, suicide or eating disorders, and no instructions. To speak of your own hard times is "
        "welcome. If you are in danger, please call your local emergency number.</p>",
    ),
    (
        "violence",
        "No threats, no praise of violence",
        "<p>No threats, no incitement, no glory for those who kill. Photographs that document violence belong behind the "
        "mark “sensitive”, with the reason.</p>",
    ),
    (
        "harassment",
        "Nobody is harassed",
        "<p>No bullying, no following people around with comments, no pictures to shame somebody. Criticism of a "
        "photograph is not harassment; contempt for who took it is.</p>",
    ),
    (
        "hate",
        "No hatred against groups of people",
        "<p>Nobody is attacked for where they come from, their colour, religion, disability, sex, gender or whom they "
        "love.</p>",
    ),
    (
        "privacy",
        "People decide about pictures of themselves",
        "<p>Do not share pictures of somebody who would not want it, least of all in private places; no addresses, "
        "documents or number plates that lead to people. Whoever is shown against their will can have it taken down.</p>",
    ),
    (
        "sexual",
        "Nudity is marked as sensitive",
        "<p>Nudity has its place in photography, marked as sensitive, of adults who agreed. Pornography has its places "
        "elsewhere.</p>",
    ),
    (
        "spam",
        "No spam and no fraud",
        "<p>No advertisements in captions and comments, no bought followers, no accounts that pretend to be somebody.</p>",
    ),
    (
        "copyright",
        "Share what is yours",
        "<p>Share photographs that you took, or that you may share. Whoever finds their work here under another name can "
        "send a notice, and whoever was reported wrongly can answer it.</p>",
    ),
    (
        "other",
        "And be somebody whom others like to meet",
        "<p>What breaks a law where we are breaks our rules as well. Where no rule says it, common sense does.</p>",
    ),
]


def step(value):
    """A number as a step of a tree path, four digits to the base 36."""
    digits = ""
    for _place in range(4):
        value, rest = divmod(value, 36)
        digits = DIGITS[rest] + digits
    return digits


def block(kind, value):
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def add_page(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    home = apps.get_model("home", "HomePage").objects.first()
    if home is None:
        return
    # In historical models the tree has no methods: the row is written as treebeard would write it.
    children = Page.objects.filter(path__startswith=home.path, depth=home.depth + 1)
    if children.filter(slug="guidelines").exists():
        return
    last = max((int(path[-4:], 36) for path in children.values_list("path", flat=True)), default=0)
    rules = [block("rule", {"category": name, "title": title, "text": text}) for name, title, text in RULES]
    apps.get_model("home", "EditorialPage").objects.create(
        title="Guidelines",
        draft_title="Guidelines",
        slug="guidelines",
        path=home.path + step(last + 1),
        depth=home.depth + 1,
        numchild=0,
        url_path=f"{home.url_path}guidelines/",
        live=True,
        locale_id=home.locale_id,
        content_type=apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="home", model="editorialpage"
        )[0],
        body=json.dumps([block("text", INTRODUCTION), *rules]),
    )
    Page.objects.filter(pk=home.pk).update(numchild=children.count())


def let_curators_announce(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="community", model="announcement"
    )[0]
    permissions = [
        apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{verb}_announcement",
            defaults={"name": f"Can {verb} announcement"},
        )[0]
        for verb in ("add", "change", "delete", "view")
    ]
    for group in apps.get_model("auth", "Group").objects.filter(name__in=("Administrators", "Curators")):
        group.permissions.add(*permissions)


def leave(apps, schema_editor):
    """Nothing to undo: staff may have written into the page."""


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0009_curation"),
        ("community", "0018_announcements"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_page, leave), migrations.RunPython(let_curators_announce, leave)]
