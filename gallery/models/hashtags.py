"""Hashtags of captions. A row for each post and hashtag holds what a hashtag's page sorts by, so that one index serves it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import FoldedField

# What a hashtag begins with: of full width, too, as Chinese and Japanese keyboards have it, and the small form.
NUMBER_SIGNS = "#＃﹟"


class Hashtag(models.Model):
    """One hashtag, as gallery/text.py folds it: #Föhn and #fohn are one."""

    name = FoldedField(_("name"), max_length=64, unique=True)  # folded, with plain underscores, without the #

    class Meta:
        verbose_name = _("hashtag")
        verbose_name_plural = _("hashtags")

    def __str__(self):
        return self.name


class PostHashtag(models.Model):
    """A hashtag in a post's caption. `published_at` and `short_id` are the post's, kept in step by `gallery.hashtags`."""

    hashtag = models.ForeignKey(Hashtag, models.PROTECT, related_name="posts", verbose_name=_("hashtag"))
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="hashtags", verbose_name=_("post"))
    published_at = models.DateTimeField(null=True, blank=True)
    short_id = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("hashtag of a post")
        verbose_name_plural = _("hashtags of posts")
        constraints = [models.UniqueConstraint(fields=["post", "hashtag"], name="once_in_a_post")]
        indexes = [
            models.Index(
                fields=["hashtag", "-published_at", "-short_id"],
                name="posts_of_hashtag",
                condition=models.Q(published_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.hashtag_id} in {self.short_id}"

    @classmethod
    def note_publication(cls, post):
        """Have the rows of `post` say when it was published. One query; none for a caption without a hashtag."""
        if post.published_at is not None and any(sign in post.caption for sign in NUMBER_SIGNS):
            rows = cls.objects.filter(post=post.pk)
            late = models.Q(published_at=None) | ~models.Q(published_at=post.published_at)
            rows.filter(late).update(published_at=post.published_at)
