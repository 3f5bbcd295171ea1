"""The prompts page, /prompts/, below the front page; and who picks winners."""

from django.db import migrations

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def step(value):
    """A number as a step of a tree path, four digits to the base 36."""
    digits = ""
    for _place in range(4):
        value, rest = divmod(value, 36)
        digits = DIGITS[rest] + digits
    return digits


def add_page(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    PromptsPage = apps.get_model("community", "PromptsPage")
    home = apps.get_model("home", "HomePage").objects.first()
    if home is None or PromptsPage.objects.exists():
        return
    # In historical models the tree has no methods: the row is written as treebeard would write it.
    children = Page.objects.filter(path__startswith=home.path, depth=home.depth + 1)
    if children.filter(slug="prompts").exists():
        return
    last = max((int(path[-4:], 36) for path in children.values_list("path", flat=True)), default=0)
    PromptsPage.objects.create(
        title="Prompts",
        draft_title="Prompts",
        slug="prompts",
        path=home.path + step(last + 1),
        depth=home.depth + 1,
        numchild=0,
        url_path=f"{home.url_path}prompts/",
        live=True,
        locale_id=home.locale_id,
        content_type=ContentType.objects.get_or_create(app_label="community", model="promptspage")[0],
    )
    Page.objects.filter(pk=home.pk).update(numchild=children.count())


def let_curators_pick(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="community", model="promptentry"
    )[0]
    permission = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="change_promptentry", defaults={"name": "Can change entry"}
    )[0]
    for group in apps.get_model("auth", "Group").objects.filter(name__in=("Administrators", "Curators")):
        group.permissions.add(permission)


def leave(apps, schema_editor):
    """Nothing to undo: staff may have written below it."""


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0005_picks_newest"),
        ("community", "0007_community"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_page, leave), migrations.RunPython(let_curators_pick, leave)]
