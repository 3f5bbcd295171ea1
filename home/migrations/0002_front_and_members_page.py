"""The tree as every PixlPix has it: the front page as the site's root, and the members page below it.

Made here rather than by hand: nothing works without them. Wagtail's own welcome page goes.
"""

from django.db import migrations


def add_pages(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")
    HomePage = apps.get_model("home", "HomePage")
    MembersPage = apps.get_model("gallery", "MembersPage")

    Site.objects.all().delete()
    # In historical models the tree has no methods: rows are written as treebeard would write them.
    Page.objects.filter(depth__gt=1).delete()
    root = Page.objects.get(depth=1)
    locale = Locale.objects.first()

    def content_type(app, model):
        return ContentType.objects.get_or_create(app_label=app, model=model)[0]

    home = HomePage.objects.create(
        title="PixlPix",
        draft_title="PixlPix",
        slug="home",
        path=root.path + "0001",
        depth=2,
        numchild=1,
        url_path="/home/",
        live=True,
        locale=locale,
        content_type=content_type("home", "homepage"),
        heading="Pictures, from the people who took them.",
        intro=(
            "PixlPix is a place to share photographs and to find them by their captions. "
            "No trackers, no adverts, nothing kept that you did not give."
        ),
    )
    MembersPage.objects.create(
        title="Members",
        draft_title="Members",
        slug="members",
        path=home.path + "0001",
        depth=3,
        numchild=0,
        url_path="/home/members/",
        live=True,
        locale=locale,
        content_type=content_type("gallery", "memberspage"),
    )
    Page.objects.filter(pk=root.pk).update(numchild=1)
    Site.objects.create(hostname="localhost", port=80, site_name="PixlPix", root_page=home, is_default_site=True)


def leave(apps, schema_editor):
    """Nothing to undo: the pages' own tables go with the migrations before."""


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("gallery", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_pages, leave)]
