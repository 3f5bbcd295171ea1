"""Who and what the demo shows, read from content.toml beside this file, and when each post was published.

load() -> Content, with people (staff among them), their galleries and posts, and the curator's picks.
"""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

FIRST_GALLERY = "Photos"  # made with the account; every person's first gallery here is that one
SPREAD = timedelta(days=150)  # how far back the oldest post lies


@dataclass(frozen=True)
class DemoPost:
    """One post: its picture as art.draw takes it, its words, and how long before the fill it was published."""

    author: str
    gallery: str
    kind: str
    seed: int
    width: int
    height: int
    caption: str
    alt_text: str
    age: timedelta

    @property
    def picture(self):
        """What names its picture: kind and seed."""
        return f"{self.kind} {self.seed}"


@dataclass(frozen=True)
class DemoGallery:
    """A gallery of one person, by name."""

    name: str
    description: str


@dataclass(frozen=True)
class DemoPerson:
    """A member; `group` names the staff group of those who have one."""

    username: str
    name: str
    group: str
    galleries: tuple[DemoGallery, ...]

    @property
    def email(self):
        return f"{self.username}@pixlpix.example"


@dataclass(frozen=True)
class Content:
    """All of it. `posts` are in the order of their publication, the oldest first; `picks` name pictures, in order."""

    people: tuple[DemoPerson, ...]
    posts: tuple[DemoPost, ...]
    picks: tuple[str, ...]
    curator: str
    members: tuple[DemoPerson, ...] = field(default=())
    staff: tuple[DemoPerson, ...] = field(default=())


def load():
    """The demo's content. The same on every call and every machine."""
    data = tomllib.loads((Path(__file__).parent / "content.toml").read_text(encoding="utf-8"))
    people, rows = [], []
    for person in data["people"]:
        galleries = person.get("galleries", [])
        people.append(
            DemoPerson(
                username=person["username"],
                name=person["name"],
                group=person.get("group", ""),
                galleries=tuple(DemoGallery(gallery["name"], gallery["description"]) for gallery in galleries),
            )
        )
        rows += [(person["username"], gallery["name"], post) for gallery in galleries for post in gallery["posts"]]
    rows = mixed(rows)
    ages = publication_ages(len(rows))
    return Content(
        people=tuple(people),
        posts=tuple(as_post(*row, age) for row, age in zip(rows, ages, strict=True)),
        picks=tuple(data["picks"]["pictures"]),
        curator=data["picks"]["curator"],
        members=tuple(person for person in people if not person.group),
        staff=tuple(person for person in people if person.group),
    )


def as_post(author, gallery, post, age):
    kind, seed, size = post["picture"].split()
    width, _x, height = size.partition("x")
    return DemoPost(author, gallery, kind, int(seed), int(width), int(height), post["caption"], post["alt"], age)


def mixed(rows):
    """The rows in an order in which neighbours have different authors and kinds of picture, as far as that goes."""
    chance = random.Random(8)  # noqa: S311 (an order, not a secret)
    left = list(rows)
    chance.shuffle(left)
    order = []
    while left:
        recent = order[-3:]
        authors = {author for author, _gallery, _post in recent}
        kinds = {post["picture"].split()[0] for _author, _gallery, post in recent}
        best = min(left, key=lambda row: (row[0] in authors) + (row[2]["picture"].split()[0] in kinds))
        left.remove(best)
        order.append(best)
    # What could not be spread any more came last in this walk: the oldest place is where it shows least.
    return order[::-1]


def publication_ages(count):
    """How long ago each of `count` posts was published, the oldest first: more of them lately, none on the hour."""
    chance = random.Random(9)  # noqa: S311
    ages = []
    for place in range(count):
        share = (1 - place / count) ** 1.7
        ages.append(SPREAD * share + timedelta(minutes=chance.randrange(7, 190), seconds=chance.randrange(60)))
    return sorted(ages, reverse=True)
