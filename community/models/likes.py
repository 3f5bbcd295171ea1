"""Likes of posts and comments, and posts that a member saved for themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Like(models.Model):
    """A member likes a post."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="likes", verbose_name=_("member"))
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="likes", verbose_name=_("post"))
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="one_like_of_a_post")]
        indexes = [
            models.Index(fields=["post", "-created_at", "-id"], name="likes_of_post"),
            models.Index(fields=["user", "-created_at", "-id"], name="likes_of_member"),
            models.Index(fields=["-created_at"], name="likes_newest"),
        ]

    def __str__(self):
        return f"{self.user_id} ♥ {self.post_id}"


class CommentLike(models.Model):
    """A member likes a comment."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("member"))
    comment = models.ForeignKey("community.Comment", models.CASCADE, related_name="likes_of", verbose_name=_("comment"))
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("like of a comment")
        verbose_name_plural = _("likes of comments")
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="one_like_of_a_comment")]

    def __str__(self):
        return f"{self.user_id} ♥ comment {self.comment_id}"


class SaveList(models.Model):
    """A named list of a member's, which they alone see, of posts to find again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="save_lists", verbose_name=_("member")
    )
    key = models.CharField(_("key"), max_length=10, unique=True)  # a short id, for its address
    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("list of saved posts")
        verbose_name_plural = _("lists of saved posts")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_save_list_of_a_name")]

    def __str__(self):
        return self.name


class Save(models.Model):
    """A post in such a list."""

    list = models.ForeignKey(SaveList, models.CASCADE, related_name="saves", verbose_name=_("list"))
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="saves", verbose_name=_("post"))
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved post")
        verbose_name_plural = _("saved posts")
        constraints = [models.UniqueConstraint(fields=["list", "post"], name="once_in_a_save_list")]
        indexes = [models.Index(fields=["list", "-created_at", "-id"], name="saves_newest")]

    def __str__(self):
        return f"{self.post_id} in {self.list_id}"


class Pin(models.Model):
    """A post that stands first on its author's page."""

    post = models.OneToOneField("gallery.PostPage", models.CASCADE, related_name="pin", verbose_name=_("post"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pins", verbose_name=_("member"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("pinned post")
        verbose_name_plural = _("pinned posts")
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.post_id}"
