"""What somebody may do by their groups, all of it in one query: each page of the console asks for nearly all of it.

Django asks for rights on models, Wagtail for those on pages and on collections, our door for the second factor: four
queries, which are rows of one union here. Where each of them looks before it asks, its answer is put beforehand.
"""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db.models import F, IntegerField, TextField, Value
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permission_policies.collections import CollectionPermissionLookupMixin
from wagtail.permission_policies.pages import PagePermissionPolicy

from .mfa import PROTECTED, SECOND_FACTORS

MODEL, PAGE, COLLECTION, FACTOR = "model", "page", "collection", "factor"
ON_PAGES = PagePermissionPolicy.permission_cache_name
ON_COLLECTIONS = CollectionPermissionLookupMixin.permission_cache_name


def load_rights(user):
    """What the groups of `user` may do, as Django names it: {"community.view_case", ...}. One query.

    `user` knows from then on their rights on pages and on collections, and whether their sign-in is protected.
    """
    rights, on_pages, on_collections = set(), {}, {}
    protected = False
    for kind, first, codename, pk, *place in rows_of(user):
        if kind == MODEL:
            rights.add(f"{first}.{codename}")
        elif kind == FACTOR:
            protected = True
        else:
            given = on_pages if kind == PAGE else on_collections
            given[pk] = right_on(kind, pk, codename, first, *place)
    setattr(user, ON_PAGES, list(on_pages.values()))
    setattr(user, ON_COLLECTIONS, list(on_collections.values()))
    setattr(user, PROTECTED, protected)
    return rights


def rows_of(user):
    """(kind, application or path, codename, and of rights on a place their key, the key, depth and address of that)."""
    nothing, none = Value("", TextField()), Value(0, IntegerField())
    on_models = Permission.objects.filter(group__user=user.pk)
    on_pages = GroupPagePermission.objects.filter(group__user=user.pk)
    on_collections = GroupCollectionPermission.objects.filter(group__user=user.pk)
    factors = Authenticator.objects.filter(user=user.pk, type__in=SECOND_FACTORS)
    queries = [
        row(on_models, MODEL, F("content_type__app_label"), F("codename"), none, none, none, nothing),
        row(on_pages, PAGE, F("page__path"), F("permission__codename"), F("pk"), F("page__pk"), F("page__depth"),
            F("page__url_path")),
        row(on_collections, COLLECTION, F("collection__path"), F("permission__codename"), F("pk"),
            F("collection__pk"), F("collection__depth"), nothing),
        row(factors, FACTOR, nothing, nothing, none, none, none, nothing),
    ]  # fmt: skip
    return queries[0].union(*queries[1:])


def row(queryset, kind, *columns):
    """`queryset` as rows of the union: no column may be called as one of its model's."""
    names = ("first_", "second_", "third_", "fourth_", "fifth_", "sixth_")
    kind = Value(kind, TextField())
    return (
        queryset.order_by().annotate(kind_=kind, **dict(zip(names, columns, strict=True))).values_list("kind_", *names)
    )


def right_on(kind, pk, codename, path, place_pk, depth, url_path):
    """One right on a page or collection and what is below it, as Wagtail reads it. What else there is of the page or the
    collection is read where somebody asks."""
    model, right, place = (
        (Page, GroupPagePermission, "page") if kind == PAGE else (Collection, GroupCollectionPermission, "collection")
    )
    facts = {"id": place_pk, "path": path, "depth": depth}
    if kind == PAGE:
        facts["url_path"] = url_path  # Wagtail asks on which site it is
    there = model.from_db("default", list(facts), list(facts.values()))
    return right(pk=pk, permission=Permission(codename=codename), **{place: there})
