"""Which adapter an address in the settings means: the embedded part or a server."""

from typing import TYPE_CHECKING

from api.settings import Settings

if TYPE_CHECKING:
    from repository.ports import ObjectStore, SearchIndex


def object_store(settings: Settings) -> "ObjectStore":
    """``file:///folder`` (default), the files of this machine.

    Raises:
        UsageError: an address of no known kind.
    """
    from repository.objects import FileStore

    return FileStore(settings.objects_folder)


def search_index(settings: Settings) -> "SearchIndex":
    """``tantivy:///folder`` (default), embedded.

    Raises:
        UsageError: an address of no known kind.
    """
    from repository.search import TantivyIndex

    return TantivyIndex(settings.index_folder)
