"""What goes wrong with backups, in words for the operator."""


class BackupError(Exception):
    """It cannot go on; the message says why, and what to do."""


class Busy(BackupError):
    """Somebody else works in the same folder."""


class Stopped(BackupError):
    """The operator, or systemd, asked it to stop."""
