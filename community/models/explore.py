"""What explore shows, worked out every few minutes: see `community/explore.py`."""

from django.db import models


class ExplorePlace(models.Model):
    """The place of one post in one edition of explore. An edition never changes, so its pages stay in step."""

    edition = models.PositiveBigIntegerField()  # when it was made, in seconds since 1970
    place = models.PositiveIntegerField()
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="explore_places")

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "place"], name="one_post_a_place_in_explore")]

    def __str__(self):
        return f"{self.place} in {self.edition}: {self.post_id}"
