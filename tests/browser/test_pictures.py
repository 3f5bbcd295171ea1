"""Pictures in a real browser: nothing jumps while they load, nothing sensitive is fetched unasked, many are turned by key and
finger, and one opens in full size."""

import re
import time

import pytest
from django.core.files.storage import storages
from playwright.sync_api import expect

from gallery.models import Picture, PostPage, Rendition
from tests.factories import a_member, a_picture, a_post, an_original
from tests.visiting import media_host

pytestmark = pytest.mark.django_db(transaction=True)

SHIFTS = """() => new Promise((done) => {
  let total = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) total += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(total), 300);
})"""
SHAPES = [(900, 600), (500, 900), (1200, 400)]


@pytest.fixture
def ana():
    return a_member("ana", name="Ana Duarte")


def a_post_of(author, shapes, **marks):
    """A post of one picture for each of `shapes` (width, height), with the columns `marks`."""
    originals = [an_original(a_picture(*shape), by=author) for shape in shapes]
    from gallery.actions.publish_post import publish_post
    from tests.factories import first_gallery

    photos = [(original, f"Picture {n}") for n, original in enumerate(originals, start=1)]
    post = publish_post(author, first_gallery(author), photos, caption="Shapes")
    PostPage.objects.filter(pk=post.pk).update(**marks)
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def slow_pictures(person, seconds=0.4):
    """Every file of the media host takes its time, as on a phone."""

    def wait(route):
        time.sleep(seconds)
        route.continue_()

    person.page.route(re.compile(re.escape(media_host()) + ".*"), wait)


def breaches(person):
    return [text for text in person.complaints if "Content Security" in text]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("where", ["front page", "post page"])
def test_nothing_jumps_while_pictures_load(a_person, ana, where, width):
    posts = [a_post_of(ana, [shape]) for shape in SHAPES] + [a_post_of(ana, SHAPES)]
    for post in posts if where == "post page" else posts[:1]:
        person = a_person(width=width, height=844)
        slow_pictures(person)
        person.go("/" if where == "front page" else post.address())
        person.page.wait_for_load_state("networkidle")
        shown = person.page.locator("main picture img").first
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert person.page.evaluate(SHIFTS) == 0
        assert person.page.locator("main .placeholder").first.get_attribute("src").startswith("data:image/")
        assert breaches(person) == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("width", [390, 1440])
def test_stage_shows_the_whole_picture_in_its_own_shape_within_the_window(a_person, ana, shape, width):
    person = a_person(width=width, height=844)
    person.go(a_post_of(ana, [shape]).address())
    box = person.page.locator(".slide picture img").evaluate("image => image.getBoundingClientRect().toJSON()")
    assert box["width"] / box["height"] == pytest.approx(shape[0] / shape[1], rel=0.01)
    assert box["width"] <= width and box["height"] <= 844
    assert box["width"] <= shape[0]


# --- Many photos ------------------------------------------------------------------------------------------------------


def comes_to(person, place):
    """The strip comes to rest at its photo number `place`, from 0: however long a smooth turn takes to begin and to end."""
    person.page.wait_for_function(
        """place => new Promise((done) => {
          const strip = document.getElementById("strip");
          const before = strip.scrollLeft;
          setTimeout(() => {
            const off = Math.abs(Math.abs(strip.scrollLeft) - place * strip.clientWidth);
            done(strip.scrollLeft === before && off < 2);
          }, 120);
        })""",
        arg=place,
    )


def test_photos_are_turned_by_buttons_and_by_arrow_keys(a_person, ana):
    person = a_person()
    person.go(a_post_of(ana, SHAPES).address())
    comes_to(person, 0)
    person.page.get_by_role("link", name="Next photo").first.click()
    comes_to(person, 1)
    # The focus went along: the same key goes on.
    person.page.keyboard.press("Enter")
    comes_to(person, 2)
    person.page.keyboard.press("ArrowLeft")
    comes_to(person, 1)
    person.page.keyboard.press("ArrowRight")
    person.page.keyboard.press("ArrowRight")
    comes_to(person, 2)
    assert breaches(person) == []


def test_photos_are_turned_without_scripts_as_well(a_person, ana):
    person = a_person(java_script_enabled=False)
    post = a_post_of(ana, SHAPES)
    person.go(post.address())
    first, second = post.photos.order_by("position")[:2]
    left = person.page.locator(f"#photo-{second.key}").bounding_box()["x"]
    person.page.locator(f"#photo-{first.key} .turn.after").click()
    person.until(lambda: person.page.locator(f"#photo-{second.key}").bounding_box()["x"] < left)


def test_arrow_keys_in_the_search_field_move_its_cursor_and_not_the_strip(a_person, ana):
    person = a_person()
    person.go(a_post_of(ana, SHAPES).address())
    person.page.get_by_role("search").locator("input").fill("boats")
    person.page.evaluate(
        "() => document.getElementById('strip').addEventListener('scroll', () => { window.moved = true; })"
    )
    person.page.keyboard.press("ArrowRight")
    person.page.keyboard.type(" ")
    expect(person.page.get_by_role("search").locator("input")).to_have_value("boats ")
    comes_to(person, 0)
    assert not person.page.evaluate("window.moved")


# --- In full size -----------------------------------------------------------------------------------------------------


def test_picture_opens_in_full_size_by_key_is_turned_there_and_gives_the_focus_back(a_person, ana):
    person = a_person()
    person.go(a_post_of(ana, SHAPES).address())
    page = person.page
    page.locator("a.open").first.focus()
    page.keyboard.press("Enter")
    picture = page.locator(".pswp .pswp__img:not(.pswp__img--placeholder)")
    picture.first.wait_for()
    page.locator(".pswp__item[aria-hidden=false] img[alt='Picture 1']").first.wait_for()
    page.keyboard.press("ArrowRight")
    page.locator(".pswp__item[aria-hidden=false] img[alt='Picture 2']").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".pswp").wait_for(state="detached")
    comes_to(person, 1)  # the strip behind followed
    expect(page.locator("a.open:focus")).to_have_count(1)
    assert breaches(person) == []


def test_picture_in_full_size_is_the_largest_file_and_can_be_zoomed(a_person, ana):
    person = a_person(width=390, height=844, reduced_motion="reduce")  # it is there, and zoomed, at once
    post = a_post_of(ana, [(900, 600)])
    person.go(post.address())
    page = person.page
    page.locator("a.open").click()
    picture = page.locator(".pswp__item[aria-hidden=false] .pswp__img:not(.pswp__img--placeholder)")
    picture.wait_for()
    assert picture.get_attribute("src").endswith(page.locator("a.open").get_attribute("href"))
    page.locator(".pswp--open").wait_for()
    before = picture.bounding_box()["width"]
    page.get_by_role("button", name="Zoom").click()
    person.until(lambda: picture.bounding_box()["width"] > before)
    page.get_by_role("button", name="Close").click()
    page.locator(".pswp").wait_for(state="detached")
    assert breaches(person) == []


def test_without_scripts_the_link_opens_the_file(a_person, ana):
    person = a_person(java_script_enabled=False)
    person.go(a_post_of(ana, [(900, 600)]).address())
    file = person.page.locator("a.open").get_attribute("href")
    person.page.locator("a.open").click()
    person.page.wait_for_url(f"**{file}")


# --- Sensitive posts --------------------------------------------------------------------------------------------------


@pytest.fixture
def sensitive(ana):
    """A sensitive post of two photos, and the public names of its clear files."""
    post = a_post_of(ana, SHAPES[:2], sensitive=True, sensitive_reason="Shows a wound")
    clear = Rendition.objects.filter(image__photo__post=post).exclude(filter_spec="blurred-jpeg")
    return post, {rendition.public_name for rendition in clear}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [390, 1440])
def test_clear_picture_is_not_even_asked_for_before_the_veil_is_lifted(a_person, sensitive, scripts, width):
    post, clear = sensitive
    person = a_person(width=width, height=844, java_script_enabled=scripts)
    asked = []
    person.page.on("request", lambda request: asked.append(request.url))

    def asked_clear():
        return [url for url in asked if any(url.endswith(name) for name in clear)]

    person.go("/")
    person.go(post.address())
    person.page.wait_for_load_state("networkidle")
    assert asked_clear() == []
    assert [url for url in asked if url.endswith(".jpg")]
    assert person.page.get_by_text("Shows a wound").first.is_visible()

    person.page.get_by_role("link", name="Show the pictures").click()
    person.page.locator(".slide picture img").first.wait_for(state="visible")
    person.until(asked_clear)
    assert breaches(person) == []

    person.page.get_by_role("link", name="Hide").click()
    person.page.get_by_role("link", name="Show the pictures").wait_for()
    expect(person.page.locator(".slide")).to_have_count(0)


def test_veil_is_lifted_by_key_and_the_focus_stays_at_its_button(a_person, sensitive):
    post, _clear = sensitive
    person = a_person()
    person.go(post.address())
    person.page.get_by_role("link", name="Show the pictures").focus()
    person.page.keyboard.press("Enter")
    person.page.locator(".slide picture img").first.wait_for(state="visible")
    expect(person.page.locator("#veil")).to_be_focused()
    person.page.keyboard.press("ArrowRight")
    comes_to(person, 1)


# --- Animated pictures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wish", "moves"), [("no-preference", True), ("reduce", False)])
def test_animated_picture_rests_for_who_asks_for_less_motion(a_person, ana, wish, moves):
    post = a_post(ana)
    picture = post.photos.get().picture
    still = picture.renditions.filter(filter_spec__startswith="width-").first()
    storages["media"].copy_from_vault(still.file.name, "p/moving.webp", content_type="image/webp")
    Rendition.objects.create(
        image=picture,
        filter_spec="animated-webp",
        file=still.file.name,
        public_name="p/moving.webp",
        width=400,
        height=300,
    )
    Picture.objects.filter(pk=picture.pk).update(animated=True)
    person = a_person(reduced_motion=wish)
    person.go(post.address())
    person.page.wait_for_load_state("networkidle")
    source = person.page.locator(".slide picture img").evaluate("image => image.currentSrc")
    assert source.endswith("p/moving.webp") == moves
