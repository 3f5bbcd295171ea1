"""What the people of the demo do with each other: follow, like, talk, share a gallery, enter a prompt.

Everything goes through the site's own actions, which do nothing when they are done twice, or looks first whether it is
there: an interrupted fill goes on.
"""

import random
from datetime import timedelta

from django.utils import timezone

from community.actions.add_comment import add_comment
from community.actions.answer_gallery_invitation import join_gallery
from community.actions.enter_prompt import enter_prompt
from community.actions.follow import follow
from community.actions.gallery_entries import add_to_gallery
from community.actions.invite_contributor import invite_contributor
from community.actions.like_comment import like_comment
from community.actions.like_post import like_post
from community.models import Comment, PromptPage, PromptsPage
from gallery.models import PostPage


def keep_company(content, people):
    """Let `people`, {username: User}, do what `content` says they do, with the posts that are there."""
    pages = PostPage.objects.visible().select_related("author", "gallery")
    pages = {(page.author.username, page.caption): page for page in pages}
    found = {post.picture: pages.get((post.author, post.caption)) for post in content.posts}
    by_picture = {picture: page for picture, page in found.items() if page}
    members = [people[person.username] for person in content.members]
    make_friends(members)
    like_each_other(members, list(by_picture.values()))
    talk(content.talk, by_picture, people)
    share(content.shared, by_picture, people)
    challenge(content.prompt, by_picture)


def make_friends(members):
    """Everyone follows about half of the others."""
    chance = random.Random(3)  # noqa: S311 (who likes whom, not a secret)
    for one in members:
        for other in members:
            if one != other and chance.random() < 0.5:
                follow(one, other)


def like_each_other(members, posts):
    """Every post has a few likes, some have many."""
    chance = random.Random(4)  # noqa: S311
    for post in sorted(posts, key=lambda post: post.published_at):
        appeal = chance.random() ** 2
        for member in members:
            if member.pk != post.author_id and chance.random() < appeal:
                like_post(post, by=member)


def talk(lines, posts, people):
    """The comments in `lines`: dicts with the picture of a post, who says it, what, and who replies what or likes it."""
    for line in lines:
        if line["picture"] not in posts or line["by"] not in people:
            continue
        post = posts[line["picture"]]
        comment = say(post, line["text"], people[line["by"]])
        for answer in line.get("replies", ()):
            say(post, answer["text"], people[answer["by"]], reply_to=comment)
        for name in line.get("likes", ()):
            like_comment(comment, by=people[name])


def say(post, text, by, reply_to=None):
    """The comment of `by` on `post` with these words; made if it is not there."""
    found = Comment.objects.filter(post=post, author=by, text=text).first()
    return found or add_comment(post, text, by=by, reply_to=reply_to)


def share(shared, posts, people):
    """One gallery of somebody's to which another adds posts."""
    owner = people.get(shared["owner"])
    gallery = owner and owner.galleries.filter(title=shared["gallery"]).first()
    if gallery is None:
        return
    for name, pictures in shared["contributors"].items():
        invite_contributor(gallery, people[name], by=owner)
        join_gallery(gallery, by=people[name])
        for picture in pictures:
            if picture in posts:
                add_to_gallery(posts[picture], gallery, by=people[name])


def challenge(prompt, posts):
    """A photo challenge that runs for some weeks from now, with its entries."""
    page = PromptPage.objects.filter(slug=prompt["slug"]).first()
    if page is None:
        today = timezone.now().replace(minute=0, second=0, microsecond=0)
        page = PromptPage(
            title=prompt["title"],
            slug=prompt["slug"],
            text=f"<p>{prompt['text']}</p>",
            starts_at=today - timedelta(days=7),
            ends_at=today + timedelta(days=21),
        )
        PromptsPage.objects.get().add_child(instance=page)
    for picture in prompt["entries"]:
        if picture in posts:
            enter_prompt(page, posts[picture], by=posts[picture].author)
