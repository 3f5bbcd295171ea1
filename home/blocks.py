"""The blocks of the front page and of editorial pages. Those that show members' things keep keys; see `composing`."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from community.models.cases import Category
from gallery.hashtags import folded_name

MOST_POSTS = 24


class Key(str):
    """The key of a thing, which knows those beside it: the editor asks for all their titles at once."""

    names = None


class Names:
    """The titles of several keys of one kind, fetched at once when the first is asked for."""

    def __init__(self, block, keys):
        self.block, self.keys = block, keys

    @cached_property
    def titles(self):
        return self.block.kind.titles([str(key) for key in self.keys if key])


class ThingBlock(blocks.FieldBlock):
    """A post, a gallery or a member (`kind` as in `choosing.KINDS`), chosen in a window and kept by its key.

    Not one of Wagtail's chooser blocks: those keep the thing itself, whatever has become of it, and a row in Wagtail's index
    of references.
    """

    def __init__(self, kind, required=True, help_text=None, **kwargs):
        self.kind_name = kind
        self.options = {"required": required, "help_text": help_text, "max_length": 20}
        super().__init__(**kwargs)

    @cached_property
    def kind(self):
        # Imported late: it asks models, which are only being made when the blocks of a page are declared.
        from .choosing import KINDS

        return KINDS[self.kind_name]

    @cached_property
    def field(self):
        from .admin.choosers import widget_of

        return forms.CharField(widget=widget_of(self.kind), **self.options)

    def to_python(self, value):
        return self.bulk_to_python([value])[0]

    def bulk_to_python(self, values):
        keys = [Key(value or "") for value in values]
        names = Names(self, keys)
        for key in keys:
            key.names = names
        return keys

    def get_prep_value(self, value):
        return str(value or "")

    def normalize(self, value):
        return value if isinstance(value, Key) else self.to_python(value)

    def value_from_form(self, value):
        return self.to_python(value)

    def value_for_form(self, value):
        return str(value or "")

    def get_form_state(self, value):
        if not value:
            return None
        return self.kind.state(str(value), value.names.titles)


class Composed(blocks.StructBlock):
    """A block with members' things: what it `wants`, as (kind, key), and what of that it is given for its template."""

    def wants(self, value):
        raise NotImplementedError

    def given(self, shown, value):
        """What the template gets of `shown`, a `composing.Shown`."""
        raise NotImplementedError

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        shown = context.get("shown")
        return context | (self.given(shown, value) if shown else {})


HEADING = {"required": False, "max_length": 120, "label": _("Heading")}
WORDS = {"required": False, "max_length": 400, "rows": 2, "label": _("In your words")}


class PostsBlock(Composed):
    heading = blocks.CharBlock(**HEADING)
    posts = blocks.ListBlock(ThingBlock("post", label=_("Post")), min_num=1, max_num=MOST_POSTS, label=_("Posts"))

    class Meta:
        icon = "image"
        label = _("Featured posts")
        template = "home/blocks/posts.html"

    def wants(self, value):
        return [("post", str(key)) for key in value["posts"] if key]

    def given(self, shown, value):
        keys = dict.fromkeys(str(key) for key in value["posts"])
        return {"posts": [shown.posts[key] for key in keys if key in shown.posts]}


class OneThing(Composed):
    """A block with one thing and its newest posts."""

    kind = holder = ""

    def key(self, value):
        """What `shown` has it by."""
        return int(value[self.kind]) if value[self.kind].isdecimal() else 0

    def wants(self, value):
        return [(self.kind, self.key(value))]

    def given(self, shown, value):
        thing = getattr(shown, self.holder).get(self.key(value))
        return {"thing": thing, "posts": thing.newest if thing else []}


class GalleryBlock(OneThing):
    heading = blocks.CharBlock(**HEADING)
    gallery = ThingBlock("gallery", label=_("Gallery"))
    words = blocks.TextBlock(**WORDS)

    kind, holder = "gallery", "galleries"

    class Meta:
        icon = "folder-open-inverse"
        label = _("Featured gallery")
        template = "home/blocks/gallery.html"


class MemberBlock(OneThing):
    heading = blocks.CharBlock(**HEADING)
    member = ThingBlock("member", label=_("Member"))
    words = blocks.TextBlock(**WORDS)

    kind, holder = "member", "members"

    class Meta:
        icon = "user"
        label = _("Member spotlight")
        template = "home/blocks/member.html"


class PromptBlock(OneThing):
    prompt = blocks.PageChooserBlock(
        page_type="community.PromptPage",
        required=False,
        label=_("Prompt"),
        help_text=_("Empty: the one that runs and ends first."),
    )
    words = blocks.TextBlock(**WORDS)

    kind, holder = "prompt", "prompts"

    class Meta:
        icon = "pick"
        label = _("Prompt")
        template = "home/blocks/prompt.html"

    def key(self, value):
        return value["prompt"].pk if value["prompt"] else None


class HashtagNameBlock(blocks.CharBlock):
    """The name of a hashtag, however it was typed."""

    def clean(self, value):
        value = super().clean(value)
        if name := folded_name(value):
            return name
        raise ValidationError(_("This is no hashtag."))


class HashtagBlock(OneThing):
    heading = blocks.CharBlock(**HEADING)
    hashtag = HashtagNameBlock(max_length=100, label=_("Hashtag"), help_text=_("Its newest posts are shown."))

    kind, holder = "hashtag", "hashtags"

    class Meta:
        icon = "tag"
        label = _("Posts by hashtag")
        template = "home/blocks/hashtag.html"

    def key(self, value):
        return value["hashtag"]


class PicksBlock(blocks.StaticBlock):
    """Where the staff's picks stand, on the front page."""

    class Meta:
        icon = "pick"
        label = _("Staff picks")
        admin_text = _("The picks of now, in their order. Without this block they stand before all others.")
        template = "home/blocks/picks.html"


class RuleBlock(blocks.StructBlock):
    """One rule of the guidelines, which a decision can lead to by its category."""

    category = blocks.ChoiceBlock(choices=Category.choices, label=_("Category"))
    title = blocks.CharBlock(max_length=120, label=_("Rule"))
    text = blocks.RichTextBlock(features=["bold", "italic", "ul", "ol", "link"], label=_("Text"))

    class Meta:
        icon = "clipboard-list"
        label = _("Rule")
        template = "home/blocks/rule.html"


TEXT = [
    ("heading", blocks.CharBlock(form_classname="title", icon="title", template="home/blocks/heading.html")),
    ("text", blocks.RichTextBlock(features=["h3", "bold", "italic", "ul", "ol", "link"], icon="pilcrow")),
    ("image", ImageChooserBlock(icon="image", template="home/blocks/image.html")),
    ("quote", blocks.BlockQuoteBlock()),
]
THINGS = [
    ("posts", PostsBlock()),
    ("gallery", GalleryBlock()),
    ("member", MemberBlock()),
    ("prompt", PromptBlock()),
    ("hashtag", HashtagBlock()),
]
# Those that are read from top to bottom, in a narrow column.
PROSE = [*(name for name, _block in TEXT), "rule"]
FRONT_PAGE = [*THINGS, ("picks", PicksBlock()), *TEXT]
EDITORIAL = [*TEXT, *THINGS, ("rule", RuleBlock())]
