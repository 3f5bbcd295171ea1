"""The three storages of the site, on local folders and on S3: see `rules` for what each promises.

Named in settings.STORAGES. Apps reach them as `django.core.files.storage.storages["vault"]` and `["media"]` alone.
"""

import mimetypes

from .local import LocalMedia, LocalScratch, LocalVault
from .s3 import S3Media, S3Scratch, S3Vault

__all__ = ["LocalMedia", "LocalScratch", "LocalVault", "S3Media", "S3Scratch", "S3Vault"]

# Not in the table of every Python or machine that we run on; without it a rendition would be served as unknown bytes.
mimetypes.add_type("image/webp", ".webp")
