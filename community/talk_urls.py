"""Addresses of conversation."""

from django.urls import path

from .views import conversation, hashtags, hidden_words

urlpatterns = [
    path("p/<str:short_id>/comments/", conversation.comments, name="comments"),
    path("p/<str:short_id>/comments/<str:key>/", conversation.comment, name="comment"),
    path("p/<str:short_id>/comments/<str:key>/reply/", conversation.reply, name="reply"),
    path("p/<str:short_id>/comments/<str:key>/edit/", conversation.edit, name="edit_comment"),
    path("p/<str:short_id>/comments/<str:key>/remove/", conversation.remove, name="remove_comment"),
    path("p/<str:short_id>/comments/<str:key>/like/", conversation.like, name="like_comment"),
    path("p/<str:short_id>/comments/<str:key>/unlike/", conversation.unlike, name="unlike_comment"),
    path("tags/", hashtags.hashtags, name="hashtags"),
    path("tags/<str:name>/", hashtags.hashtag, name="hashtag"),
    path("tags/<str:name>/follow/", hashtags.follow, name="follow_hashtag"),
    path("tags/<str:name>/unfollow/", hashtags.unfollow, name="unfollow_hashtag"),
    path("settings/hashtags/", hashtags.followed, name="followed_hashtags"),
    path("settings/words/", hidden_words.words, name="hidden_words"),
]
