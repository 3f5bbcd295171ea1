"""Renditions of editorial pictures, which staff put into the image library: public by being there, made when asked for.

Wagtail says what is wanted, by its filters; the file is made where members' are, in a child process with limits. Nothing
of the library decodes a picture in the process that answers requests.
"""

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images.image_operations import FormatOperation, JPEGQualityOperation, WebPQualityOperation
from wagtail.images.models import Filter

from .files import media, vault
from .ids import new_secret_name
from .imaging import Crop, render_crops
from .models import Publication, Rendition
from .publication import NotVisible

WIDEST = "max-2048x2048"  # what an editorial picture shows at most
FORMATS = ("webp", "jpeg", "png")  # what a filter may ask for; webp where it asks for nothing, or for anything else
CHOICES = (FormatOperation, JPEGQualityOperation, WebPQualityOperation)


def create_editorial_renditions(picture, filters):
    """The renditions of an editorial `picture` that Wagtail's `filters` ask for, {filter: Rendition}: made from one decode,
    published and saved.

    Raises as `render_crops` does, FileNotFoundError, InvalidFilterSpecError, and NotVisible for a picture that was deleted
    or got another file meanwhile.
    """
    crops = [crop_for(picture, filter) for filter in filters]
    with vault().open(picture.original.name) as file:
        made = render_crops(file, crops)
    return {filter: publish(picture, filter, file) for filter, file in zip(filters, made, strict=True)}


def crop_for(picture, filter):
    """What of `picture` a filter of Wagtail's wants, and how: a Crop. Fills keep its focal point."""
    # Wagtail's edit view links to the file by the spec "original": no address ever gives as much as that.
    wanted = Filter(spec=WIDEST) if filter.spec == "original" else filter
    transform = wanted.get_transform(picture, (picture.width, picture.height))
    box = transform.get_rect().round()
    choices = {}
    for operation in wanted.filter_operations:
        if isinstance(operation, CHOICES):
            operation.run(None, picture, choices)
    format = choices.get("output-format")
    format = format if format in FORMATS else "webp"
    return Crop(
        spec=filter.spec,
        box=(max(0, box.left), max(0, box.top), min(picture.width, box.right), min(picture.height, box.bottom)),
        size=transform.size,
        format=format,
        quality=choices.get(f"{format}-quality"),
    )


def publish(picture, filter, made):
    """Keep one RenditionFile in the vault and on the media host; its row. Two requests at once end with one row."""
    publication = publication_for(picture)
    private = f"derived/{new_secret_name()}/{new_secret_name()}.{made.extension}"
    public = f"{publication.prefix}/{new_secret_name()}/{new_secret_name()}.{made.extension}"
    with transaction.atomic():
        named = still_open(publication)
        named.names = [*named.names, public]
        named.save(update_fields=["names", "changed_at"])
    kept = False
    try:
        vault().save(private, ContentFile(made.data))
        media().copy_from_vault(private, public, content_type=made.mime)
        with transaction.atomic():
            still_open(publication)
            facts = {"width": made.width, "height": made.height, "mime": made.mime}
            rendition, kept = Rendition.objects.get_or_create(
                image=picture,
                filter_spec=filter.spec,
                focal_point_key=filter.get_cache_key(picture),
                defaults={"file": private, "public_name": public, **facts},
            )
    finally:
        if not kept:
            media().delete(public)
            vault().delete(private)
    return rendition


def publication_for(picture):
    """The picture's open publication; a new one where it has none."""
    publication = Publication.objects.filter(picture=picture, state=Publication.State.OPEN).first()
    return publication or Publication.objects.create(picture=picture, state=Publication.State.OPEN)


def still_open(publication):
    """The publication, locked. Raises NotVisible where its picture was withdrawn."""
    locked = Publication.objects.select_for_update().filter(pk=publication.pk, state=Publication.State.OPEN).first()
    if locked is None:
        raise NotVisible("The picture was deleted or got another file meanwhile.")
    return locked
