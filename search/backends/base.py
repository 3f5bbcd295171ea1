"""What a search engine does. Another one (OpenSearch, say) is another subclass, and passes the same contract test."""

from abc import ABC, abstractmethod


class Engine(ABC):
    """Finds posts by the tokens of `gallery.text`, which the post's row holds in `tokens`. It cuts no text itself."""

    def __init__(self, connection):
        self.connection = connection

    @abstractmethod
    def find(self, query, posts, cursor="", size=30):
        """One page of what `query` (a search.query.Query) finds among `posts`, newest first, after `cursor`.

        `posts` is a queryset of listed PostPages that holds only what the viewer may be shown. Returns a
        gallery.keyset.Page. A page may hold fewer than `size` posts and yet name a next one, where the engine has
        looked as far as one request may. A query that asks for nothing finds nothing.
        """

    @abstractmethod
    def install(self):
        """Make what the engine keeps in the database, as far as it is not there, and fill it."""

    @abstractmethod
    def remove(self):
        """Take away all that `install` made."""

    @abstractmethod
    def missing(self):
        """The names of what `install` makes and the database lacks: an empty list where search works."""

    @abstractmethod
    def refill(self):
        """Make the index anew from the `tokens` of all posts."""
