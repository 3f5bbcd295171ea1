"""What the API answers. A field is here because a visitor sees it on a page; nothing else of a row ever leaves."""

from datetime import datetime

from ninja import Schema
from pydantic import Field


class Size(Schema):
    url: str = Field(description="Absolute address of the file. It changes when the post is withdrawn and comes back.")
    width: int = Field(description="Pixels")
    height: int = Field(description="Pixels")
    type: str = Field(description="Media type, such as image/webp")


class PhotoOut(Schema):
    alt: str = Field(description="Alternative text; empty where there is none, and for a sensitive post")
    width: int = Field(description="Pixels of the picture itself; only its proportion is promised")
    height: int
    blurred: bool = Field(description="The post is sensitive: only a blurred picture is given")
    sizes: list[Size] = Field(description="From the narrowest to the widest")
    preview: Size | None = Field(description="One JPEG, for what cannot show WebP")
    camera: str | None = Field(description="Camera and exposure in words, where the author shows them")


class LicenceOut(Schema):
    id: str = Field(
        description="arr (all rights reserved), cc0, or by, by-sa, by-nd, by-nc, by-nc-sa, by-nc-nd of CC 4.0"
    )
    url: str | None = Field(description="Address of the licence's text")


class Person(Schema):
    username: str
    name: str
    url: str


class MemberOut(Person):
    avatar: str | None = Field(description="Absolute address of a square picture of 320 pixels")
    joined_at: datetime


class Place(Schema):
    slug: str
    name: str
    url: str


class PostOut(Schema):
    id: str = Field(description="Ten letters and digits that stay the same for ever")
    url: str = Field(description="Present address of its page")
    permanent_url: str = Field(description="Leads to the present address for ever")
    caption: str
    hashtags: list[str] = Field(description="Those of the caption, folded, without #")
    published_at: datetime
    author: Person
    gallery: Place
    sensitive: bool
    sensitive_reason: str
    licence: LicenceOut
    photos: list[PhotoOut]


class GalleryOut(Place):
    description: str
    author: Person
    cover: PostOut | None = Field(description="The post on its cover; only in the list of a member's galleries")


class PromptOut(Schema):
    slug: str
    title: str
    url: str
    text: str = Field(description="Plain text")
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    results_at: datetime | None


class Listed(Schema):
    next: str | None = Field(description="The cursor of the next page; give it as `after`. None on the last page")


class Posts(Listed):
    items: list[PostOut]


class Members(Listed):
    items: list[MemberOut]


class Galleries(Schema):
    items: list[GalleryOut]


class Prompts(Listed):
    items: list[PromptOut]
