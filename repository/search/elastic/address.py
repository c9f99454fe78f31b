"""Where the server is and how the office is known to it."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from vocabulary.errors import UsageError

_PREFIX: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API key, or a name and a password, or nothing."""

    api_key: str | None = field(default=None, repr=False)
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ElasticAddress:
    """``hosts``: base addresses of the cluster's nodes; ``prefix``: begins its index names."""

    hosts: tuple[str, ...]
    prefix: str
    credentials: Credentials = Credentials()

    @property
    def told(self) -> str:
        """For messages: no secrets in it."""
        return f"{', '.join(self.hosts)} ({self.prefix})"


def elastic_address(url: str, credentials: Credentials) -> ElasticAddress:
    """Reads ``elasticsearch+http://host:9200/prefix``; more nodes after commas.

    Raises:
        UsageError: the address does not fit, or has a password in it.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.removeprefix("elasticsearch+")
    prefix = parts.path.strip("/")
    if "@" in parts.netloc:
        raise UsageError(
            "Không để tên và mật khẩu trong SOHOA_SEARCH_URL. Hãy dùng SOHOA_SEARCH_USER và "
            "SOHOA_SEARCH_PASSWORD_FILE, hoặc SOHOA_SEARCH_API_KEY_FILE.",
            "No name and password in SOHOA_SEARCH_URL. Use SOHOA_SEARCH_USER and "
            "SOHOA_SEARCH_PASSWORD_FILE, or SOHOA_SEARCH_API_KEY_FILE.",
        )
    hosts = [host for host in parts.netloc.split(",") if host]
    if scheme not in ("http", "https") or not hosts or not _PREFIX.fullmatch(prefix):
        raise UsageError(
            f"Chưa hỗ trợ địa chỉ «{url}»; hãy dùng elasticsearch+http://máy:9200/tiền-tố "
            "(chữ thường, số, - và _).",
            f"The address {url!r} is not supported; use elasticsearch+http://host:9200/prefix "
            "(lower-case letters, digits, - and _).",
        )
    default = "443" if scheme == "https" else "9200"
    named = [host if re.search(r":\d+$", host) else f"{host}:{default}" for host in hosts]
    if credentials.api_key is not None and not credentials.api_key.isascii():
        raise UsageError(
            "Tệp trong SOHOA_SEARCH_API_KEY_FILE không chứa khóa API. Hãy chép lại khóa.",
            "The file in SOHOA_SEARCH_API_KEY_FILE holds no API key. Copy the key again.",
        )
    return ElasticAddress(tuple(f"{scheme}://{host}" for host in named), prefix, credentials)
