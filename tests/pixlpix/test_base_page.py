"""What every public page has: the search field, ways on, and nothing that the content security policy refuses."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views.defaults import server_error

from tests.factories import a_member, a_staff_member

ERROR_PAGES = ["404.html", "403.html", "410.html", "403_csrf.html"]


@pytest.fixture
def page(rf, db):
    def drawn(template="404.html", user=None):
        from django.contrib.auth.models import AnonymousUser

        request = rf.get("/")
        request.user = user or AnonymousUser()
        return render_to_string(template, {}, request=request)

    return drawn


def test_every_page_has_the_search_field(page):
    assert re.search(r'<form[^>]*role="search"[^>]*action="/search/"', page())


def test_visitor_is_offered_to_sign_in_and_to_join(page):
    html = page()
    assert "/accounts/login/" in html and "/accounts/signup/" in html
    assert "/accounts/logout/" not in html


def test_member_is_offered_their_page_and_to_sign_out(page):
    html = page(user=a_member("ana"))
    assert "/members/ana/" in html and "/accounts/logout/" in html
    assert "/accounts/signup/" not in html


def test_console_is_offered_to_staff_alone(page):
    assert "/admin/" in page(user=a_staff_member("Moderators"))
    assert "/admin/" not in page(user=a_member())


@pytest.mark.parametrize("template", [*ERROR_PAGES, "500.html"])
def test_page_holds_no_inline_style_or_script(page, template):
    html = page(template)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert not re.findall(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("template", [*ERROR_PAGES, "500.html"])
def test_page_loads_nothing_from_another_host(page, template):
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page(template))


def test_library_is_told_not_to_add_styles_or_to_run_text_as_code(page):
    html = page()
    assert '"includeIndicatorStyles": false' in html and '"allowEval": false' in html


def test_error_page_needs_no_database():
    """No `db` here: a query would fail this test. Nor does it need a context, or a form that something would answer."""
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Something broke on our side." in answer.content and b"<form" not in answer.content
    assert render_to_string("500.html") == answer.content.decode()


def test_page_says_its_language_and_direction(page):
    assert '<html lang="en-gb" dir="ltr">' in page()
