"""Cut every post's texts and every member's name into tokens anew, and fill the index from them."""

from django.db.models import Prefetch

from community.models import User
from gallery.models import Photo, PostPage
from gallery.states import TeamState
from gallery.text import token_text

from .. import names
from ..backends import engine_of

CHUNK = 500  # posts


def rebuild_search():
    """Bring every post's tokens up to how texts are cut today, then the engine's index. Returns how many posts changed.

    Runs in chunks, each of its own; may be stopped and run again at any time, and search answers meanwhile.
    """
    engine_of(PostPage.objects.db).install()
    changed, last = 0, 0
    while True:
        photos = Prefetch("photos", Photo.objects.in_place().filter(team_state=TeamState.NONE).order_by("position"))
        posts = PostPage.objects.filter(pk__gt=last).order_by("pk").prefetch_related(photos)[:CHUNK]
        for post in posts:
            alt_texts = [photo.alt_text for photo in post.photos.all()]
            tokens = token_text(post.caption, alt_texts)
            if tokens != post.tokens:
                # Only where nobody edited the caption meanwhile: an edit writes its own tokens.
                changed += PostPage.objects.filter(pk=post.pk, tokens=post.tokens).update(tokens=tokens)
        if len(posts) < CHUNK:
            break
        last = posts[CHUNK - 1].pk
    engine_of(PostPage.objects.db).refill()
    names.refill(User.objects.all())
    return changed
