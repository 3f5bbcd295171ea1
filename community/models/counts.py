"""Numbers that pages show beside posts, people and hashtags: in tables of their own, kept with what they count.

`community.counters` changes them in the transaction that changes what they count; `manage.py check_counters` proves it.
"""

from django.conf import settings
from django.db import models


class PostCounts(models.Model):
    """How often a post is liked and commented on. No row is 0."""

    post = models.OneToOneField("gallery.PostPage", models.CASCADE, primary_key=True, related_name="counts")
    likes = models.PositiveIntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)  # that are not removed, replies included

    def __str__(self):
        return f"post {self.pk}: {self.likes} likes, {self.comments} comments"


class MemberCounts(models.Model):
    """How many follow a member, whom they follow, and how many posts of theirs are listed. No row is 0."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="counts")
    followers = models.PositiveIntegerField(default=0)
    following = models.PositiveIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"member {self.pk}: {self.followers} followers, {self.posts} posts"
