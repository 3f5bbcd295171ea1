from django.core.files.storage import FileSystemStorage


class LocalVault(FileSystemStorage):
    pass


class LocalMedia(FileSystemStorage):
    pass


class LocalScratch(FileSystemStorage):
    pass
