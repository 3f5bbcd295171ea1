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
class DemoPicture:
    """One picture as art.draw takes it, and its alternative text."""

    kind: str
    seed: int
    width: int
    height: int
    alt_text: str

    @property
    def picture(self):
        """What names it: kind and seed."""
        return f"{self.kind} {self.seed}"


@dataclass(frozen=True)
class DemoPost(DemoPicture):
    """One post: its first picture, its words, how long before the fill it was published, and what makes it special.

    `more` are further pictures, `sensitive` is the reason for blurring it, `camera` what its files say of the camera.
    """

    author: str
    gallery: str
    caption: str
    age: timedelta
    more: tuple[DemoPicture, ...] = ()
    sensitive: str = ""
    allow_download: bool = False
    camera: dict = field(default_factory=dict, hash=False)

    @property
    def pictures(self):
        """All of its pictures, in order."""
        return (self, *self.more)


@dataclass(frozen=True)
class DemoGallery:
    """A gallery of one person, by name."""

    name: str
    description: str


@dataclass(frozen=True)
class DemoPerson:
    """A member; `group` names the staff group of those who have one, `face` the kind and seed of their profile picture."""

    username: str
    name: str
    group: str
    galleries: tuple[DemoGallery, ...]
    face: str = ""

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
    # What they do with each other, as content.toml says it: see company.py.
    talk: tuple[dict, ...] = field(default=(), hash=False)
    shared: dict = field(default_factory=dict, hash=False)
    prompt: dict = field(default_factory=dict, hash=False)


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
                face=person.get("face", ""),
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
        talk=tuple(data["talk"]),
        shared=data["shared"],
        prompt=data["prompt"],
    )


def as_post(author, gallery, post, age):
    return DemoPost(
        **described(post),
        author=author,
        gallery=gallery,
        caption=post["caption"],
        age=age,
        more=tuple(DemoPicture(**described(one)) for one in post.get("more", [])),
        sensitive=post.get("sensitive", ""),
        allow_download=post.get("allow_download", False),
        camera=post.get("camera", {}),
    )


def described(row):
    """The fields of a DemoPicture from a row with `picture`, "ridges 10 1400x930", and `alt`."""
    kind, seed, size = row["picture"].split()
    width, _x, height = size.partition("x")
    return {"kind": kind, "seed": int(seed), "width": int(width), "height": int(height), "alt_text": row["alt"]}


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
