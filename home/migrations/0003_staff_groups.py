"""The three groups of staff, each with just what it needs; Wagtail's own two and its workflow go.

In `home`, which knows everything that staff act on. Content types and permissions are made here where they do not exist
yet: Django makes them only after the last migration.
"""

from django.db import migrations

# What every group has: entering the console.
ENTER = [("wagtailadmin", "admin", "access_admin")]
# See members' things, private ones too; take down and restore; suspend.
MODERATE = [
    ("gallery", "postpage", "view_postpage"),
    ("gallery", "postpage", "change_postpage"),
    ("gallery", "gallerypage", "view_gallerypage"),
    ("gallery", "gallerypage", "change_gallerypage"),
    ("gallery", "memberpage", "view_memberpage"),
    ("gallery", "memberpage", "change_memberpage"),
    ("gallery", "memberact", "view_memberact"),
    ("gallery", "original", "view_original"),
    ("community", "user", "view_user"),
]
# Pick posts for the front page.
CURATE = [
    ("home", "pick", "add_pick"),
    ("home", "pick", "change_pick"),
    ("home", "pick", "delete_pick"),
    ("home", "pick", "view_pick"),
]
# Write policies, give people a group, keep the site's own settings and its workflows.
ADMINISTER = [
    ("community", "policyversion", "add_policyversion"),
    ("community", "policyversion", "change_policyversion"),
    ("community", "policyversion", "delete_policyversion"),
    ("community", "policyversion", "view_policyversion"),
    ("community", "consentrecord", "view_consentrecord"),
    ("community", "user", "change_user"),
    ("wagtailcore", "site", "change_site"),
    ("wagtailcore", "site", "view_site"),
    *[
        ("wagtailcore", model, f"{verb}_{model}")
        for model in ("workflow", "task")
        for verb in ("add", "change", "delete")
    ],
]
GROUPS = {
    "Administrators": ENTER + MODERATE + CURATE + ADMINISTER,
    "Moderators": ENTER + MODERATE,
    "Curators": ENTER + CURATE,
}
# Below the front page; members' pages answer for themselves and offer nothing of this.
EDITORIAL = ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"]
# Unpublish alone: it lets Wagtail's own buttons and reports reach members' pages, where it becomes a takedown.
MEMBERS = ["publish_page"]
PAGE_PERMISSIONS = {
    "Administrators": {"home": EDITORIAL},
    "Moderators": {"members": MEMBERS},
    "Curators": {"home": EDITORIAL},
}
LIBRARY = [
    ("wagtailimages", "image", "add_image"),
    ("wagtailimages", "image", "change_image"),
    ("wagtailimages", "image", "delete_image"),
    ("wagtailimages", "image", "choose_image"),
    ("wagtailcore", "collection", "add_collection"),
    ("wagtailcore", "collection", "change_collection"),
]


def make_groups(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    Collection = apps.get_model("wagtailcore", "Collection")
    HomePage = apps.get_model("home", "HomePage")
    MembersPage = apps.get_model("gallery", "MembersPage")

    def permission(app, model, codename):
        content_type = ContentType.objects.get_or_create(app_label=app, model=model)[0]
        verb, _dash, noun = codename.partition("_")
        return Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": f"Can {verb} {noun.replace('_', ' ')}"}
        )[0]

    # Wagtail's own migrations make Moderators and Editors with rights on the whole tree, and a workflow that publishes.
    Group.objects.filter(name="Editors").delete()
    GroupPagePermission.objects.filter(group__name__in=GROUPS).delete()
    GroupCollectionPermission.objects.filter(group__name__in=GROUPS).delete()
    apps.get_model("wagtailcore", "Workflow").objects.all().delete()
    apps.get_model("wagtailcore", "GroupApprovalTask").objects.all().delete()
    apps.get_model("wagtailcore", "Task").objects.all().delete()

    # The members page stands below the front page; the first of each is the only one.
    pages = {"home": HomePage.objects.first(), "members": MembersPage.objects.first()}
    root_collection = Collection.objects.get(depth=1)
    for name, rights in GROUPS.items():
        group = Group.objects.get_or_create(name=name)[0]
        group.permissions.set([permission(*right) for right in rights])
        for where, codenames in PAGE_PERMISSIONS[name].items():
            for codename in codenames:
                GroupPagePermission.objects.create(
                    group=group, page_id=pages[where].pk, permission=permission("wagtailcore", "page", codename)
                )
        if name != "Moderators":
            for right in LIBRARY:
                GroupCollectionPermission.objects.create(
                    group=group, collection=root_collection, permission=permission(*right)
                )


def leave(apps, schema_editor):
    """Staff keep their groups: taking them away on the way back would lock everybody out."""


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_front_and_members_page"),
        ("community", "0001_initial"),
        ("gallery", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0023_add_choose_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, leave)]
