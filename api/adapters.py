"""Which adapter an address in the settings means: the embedded part or a server."""

from pathlib import Path
from typing import TYPE_CHECKING

from api.settings import Settings
from vocabulary.errors import MissingPart

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
    """``tantivy:///folder`` (default), embedded, or ``elasticsearch+http://host:9200/prefix``.

    Raises:
        UsageError: an address of no known kind.
        MissingPart: the folder cannot be used, or a file with a secret cannot be read.
    """
    url = settings.search_url
    if url is None or not url.startswith("elasticsearch+"):
        from repository.search import TantivyIndex

        return TantivyIndex(settings.index_folder)
    from repository.search.elastic import Credentials, ElasticIndex, elastic_address

    known = Credentials(
        api_key=_secret_in(settings.search_api_key_file, "SOHOA_SEARCH_API_KEY_FILE"),
        user=settings.search_user or None,
        password=_secret_in(settings.search_password_file, "SOHOA_SEARCH_PASSWORD_FILE"),
    )
    return ElasticIndex(elastic_address(url, known), settings.office_unit_code)


def _secret_in(path: Path | None, setting: str) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise MissingPart(
            f"Không đọc được tệp mà {setting} chỉ tới ({error.strerror}). Hãy kiểm tra đường dẫn "
            "và quyền đọc.",
            f"The file that {setting} names cannot be read ({error.strerror}). Check the path and "
            "the right to read it.",
        ) from error
