"""Pictures: our Wagtail image model, and their renditions.

A picture's file is its original in the vault, named by its hash. Each rendition has a private copy below the vault's
`derived/`, always, and a public copy on the media host while a visitor may see it.
"""

import logging

from django.db import models
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, SourceImageIOError, WagtailImageField
from wagtail.models import CollectionMember

from ..files import media, vault

logger = logging.getLogger(__name__)


# Renditions whose spec begins so are for whoever may see the private copy, and never become public.
PRIVATE = "private-"


class PictureKind(models.TextChoices):
    PHOTO = "photo", _("Member's photo")
    AVATAR = "avatar", _("Profile picture")
    EDITORIAL = "editorial", _("Editorial image")


class PictureQuerySet(models.QuerySet):
    """Words for the kinds of pictures."""

    def editorial(self):
        """What curators put into the image library: the only pictures that its listings and choosers show."""
        return self.filter(kind=PictureKind.EDITORIAL)


class Picture(AbstractImage):
    """One picture: of a photo, an avatar or an editorial image, and of one of them only.

    Wagtail makes renditions wherever somebody looks (listings, choosers, rich text). For members' pictures that would
    publish what is private, so every way in ends here: `get_rendition` and its kin hand out what is ready.
    """

    # Without Wagtail's dimension fields: those make Django open the file in the web process at every assignment.
    # 150 characters: "originals/ab/cd/<64 hexadecimal digits>".
    file = WagtailImageField(verbose_name=_("file"), upload_to="originals", storage=vault, max_length=150)
    kind = models.CharField(_("kind"), max_length=9, choices=PictureKind.choices, default=PictureKind.EDITORIAL)
    original = models.ForeignKey(
        "gallery.Original", models.PROTECT, related_name="pictures", editable=False, verbose_name=_("original")
    )
    # What the one decode found: a ThumbHash, the dominant colours as "#rrggbb" with the most frequent first, and what the
    # camera says of itself (see imaging); never a place.
    placeholder = models.BinaryField(_("placeholder"), max_length=64, default=bytes, blank=True)
    colours = models.JSONField(_("dominant colours"), default=list, blank=True, editable=False)
    camera = models.JSONField(_("camera"), default=dict, blank=True, editable=False)
    animated = models.BooleanField(_("animated"), default=False, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    # The library searches editorial pictures by these; members' pictures are found through their posts.
    search_fields = [
        *CollectionMember.search_fields,
        index.SearchField("title", boost=10),
        index.AutocompleteField("title"),
        index.FilterField("title"),
        index.SearchField("description"),
        index.FilterField("uploaded_by_user"),
        index.FilterField("created_at"),
        index.FilterField("kind"),
        index.FilterField("id"),
    ]
    # Only editorial pictures are searched; their receiver stands in signals.py. For all pictures, every save would queue
    # a task, of which a member's would find nothing to do.
    search_auto_update = False
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PictureKind.values), name="picture_is_of_a_known_kind")
        ]

    @classmethod
    def get_indexed_objects(cls):
        """Only editorial pictures stand in Wagtail's search index: a member's would cost a query over all of it."""
        return super().get_indexed_objects().filter(kind=PictureKind.EDITORIAL)

    def get_indexed_instance(self):
        return self if self.is_editorial else None

    @property
    def is_editorial(self):
        return self.kind == PictureKind.EDITORIAL

    def save(self, *args, **kwargs):
        """Store a file that was just chosen in the vault, under the hash of its content, before the row is written.

        Raises PictureRefused when the file is no picture that we accept.
        """
        if self.file and not self.file._committed:
            from ..actions.store_original import store_original

            self.attach(store_original(self.file.file, by=self.uploaded_by_user))
        super().save(*args, **kwargs)

    def attach(self, original):
        """Make `original` this picture's file. Not saved; nothing is opened."""
        self.original = original
        self.file = original.name
        self.file_size, self.width, self.height = original.size, original.width, original.height
        # Wagtail finds duplicates by this column, which has room for SHA-1; the first 40 digits serve as well.
        self.file_hash = original.sha256[:40]

    # --- Renditions: members' are handed out, editorial ones are made --------------------------------------------------

    def get_rendition(self, filter):
        if self.is_editorial:
            return super().get_rendition(filter)
        return self.ready_rendition(filter.spec if isinstance(filter, Filter) else filter)

    def get_renditions(self, *filters):
        if self.is_editorial:
            return super().get_renditions(*filters)
        specs = [filter.spec if isinstance(filter, Filter) else filter for filter in filters]
        return {spec: self.ready_rendition(spec) for spec in specs}

    def create_rendition(self, filter):
        return self.create_renditions(filter)[filter]

    def create_renditions(self, *filters):
        # Never by Wagtail's bulk path: it inserts with ignore_conflicts and leaves files that no row names.
        if not self.is_editorial:
            return {filter: self.ready_rendition(filter.spec) for filter in filters}
        from ..editorial import create_editorial_renditions

        try:
            return create_editorial_renditions(self, filters)
        except InvalidFilterSpecError:
            raise
        except Exception:
            # Wagtail's choosers catch no error here: a file that is gone or cannot be decoded shows as a drawn square.
            logger.exception("Picture %s: no renditions %s could be made.", self.pk, [f.spec for f in filters])
            return {filter: self.no_rendition(filter.spec) for filter in filters}

    def get_willow_image(self):
        """Refused: what asks for this decodes in the process that answers requests."""
        raise SourceImageIOError("Pictures are decoded in a process of its own: ask for a rendition.")

    def no_rendition(self, spec):
        """An unsaved rendition, which shows as a drawn square."""
        return Rendition(image=self, filter_spec=spec, width=self.width or 1, height=self.height or 1)

    def ready_rendition(self, spec):
        """The ready-made rendition that serves a Wagtail filter `spec` best, by width; a drawn placeholder if none.

        Never makes a file, never writes a row, never raises.
        """
        wanted = wanted_width(spec)
        ready = sorted((r for r in self.renditions.all() if r.filter_spec.startswith("width-")), key=lambda r: r.width)
        if not ready:
            return self.no_rendition(spec)
        return next((r for r in ready if r.width >= wanted), ready[-1])


def wanted_width(spec):
    """The width in pixels that a Wagtail filter spec such as "fill-300x200|format-webp" asks for; 640 if it names none."""
    for operation in spec.split("|"):
        name, _dash, size = operation.partition("-")
        width = size.split("-")[0].split("x")[0]
        if name in ("width", "max", "min", "fill") and width.isdigit():
            return int(width)
    return 640


class Rendition(AbstractRendition):
    """One size of one picture."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")
    # The private copy: "derived/<random>/<random>.webp" in the vault. No dimension fields, nothing to open.
    file = models.FileField(storage=vault, upload_to="derived", max_length=150)
    # The public copy on the media host: "<publication>/<photo>/<random>.webp". Empty while no visitor may see it.
    public_name = models.CharField(max_length=150, blank=True, default="", editable=False)
    mime = models.CharField(max_length=40, default="image/webp", editable=False)

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_spec"),
        ]
        # The view of private files finds the row, and so who may see it, by the file's name.
        indexes = [models.Index(fields=["file"], name="renditions_by_file")]

    @property
    def url(self):
        """Its public address while there is one; else the permission-checked view; a drawn square if nothing is ready."""
        if self.public_name:
            return media().url(self.public_name)
        if self.file:
            return vault().url(self.file.name)
        return static("img/no-picture.svg")
