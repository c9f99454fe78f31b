"""Where the objects lie and how they are protected: the address in the settings, read strictly."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from vocabulary.errors import UsageError
from vocabulary.text import nfc

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SEGMENT_BYTES: Final = 255
_KEY_BYTES: Final = 1024
_OWN_KEY_BYTES: Final = 200
"""What this house puts behind the prefix is never longer."""

_OPTIONS: Final = frozenset(
    (
        "endpoint", "public_endpoint", "region", "ca", "lock", "retention_days", "sse",
        "connect_seconds", "read_seconds", "patience_seconds", "cache_mb",
    )
)  # fmt: skip

Lock = Literal["none", "compliance"]
Encryption = Literal["none", "s3"]


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket (and a prefix in it) of one S3-compatible store.

    ``host``: host and port. ``lock``: each object is stored with COMPLIANCE retention of
    ``retention_days`` days. ``sse``: each object is asked to be encrypted by the store.
    ``connect_seconds``, ``read_seconds``: limits of one call; ``patience_seconds``: how long
    a call is tried again while the store is away or busy. ``cache_bytes``: most bytes of local
    copies. ``public_host``: the host that browsers reach the store at, where it is another.
    """

    host: str
    secure: bool
    bucket: str
    prefix: str = ""
    region: str = "us-east-1"
    ca: Path | None = None
    lock: Lock = "none"
    retention_days: int = 0
    sse: Encryption = "none"
    connect_seconds: float = 5
    read_seconds: float = 60
    patience_seconds: float = 30
    cache_bytes: int = 512 * 2**20
    public_host: str | None = None
    public_secure: bool = False

    @property
    def endpoint(self) -> str:
        """Address of the store, for people."""
        return f"{'https' if self.secure else 'http'}://{self.host}"

    def key(self, sha256: str) -> str:
        """The object's key: never both ``a`` and ``a/b``, no segment that a folder cannot hold."""
        return f"{self.prefix}{sha256[:2]}/{sha256}"

    @classmethod
    def from_url(cls, url: str) -> "S3Place":
        """``s3://bucket/prefix?endpoint=http://host:9000&region=…&lock=compliance&…``.

        Raises:
            UsageError: naming the part that does not fit.
        """
        parts = _split(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise _wrong(
                "hãy dùng s3://bucket?endpoint=http://host:9000",
                "use s3://bucket?endpoint=http://host:9000",
            )
        if "@" in parts.netloc:
            raise _wrong(
                "khóa truy cập không được nằm trong địa chỉ; hãy để trong "
                "SOHOA_S3_CREDENTIALS_FILE hoặc biến môi trường",
                "keys must not stand in the address; put them into "
                "SOHOA_S3_CREDENTIALS_FILE or the environment",
            )
        if not _BUCKET.fullmatch(parts.netloc):
            raise _wrong(f"tên bucket «{parts.netloc}» sai", f"{parts.netloc!r} names no bucket")
        options = _options(parts.query)
        host, secure = _endpoint(options.get("endpoint", ""), "endpoint")
        public = options.get("public_endpoint")
        public_host, public_secure = (
            _endpoint(public, "public_endpoint") if public else (None, False)
        )
        lock = _one_of(options, "lock", ("none", "compliance"))
        days = _number(options, "retention_days", 0, 0, 36_500)
        if (lock == "compliance") != (days > 0):
            raise _wrong(
                "lock=compliance và retention_days=SỐ_NGÀY phải đi cùng nhau",
                "lock=compliance and retention_days=DAYS go together",
            )
        ca = options.get("ca")
        return cls(
            host=host,
            secure=secure,
            bucket=parts.netloc,
            prefix=_prefix(parts.path),
            region=_region(options.get("region", "us-east-1")),
            ca=Path(ca) if ca else None,
            lock="compliance" if lock == "compliance" else "none",
            retention_days=days,
            sse="s3" if _one_of(options, "sse", ("none", "s3")) == "s3" else "none",
            connect_seconds=_number(options, "connect_seconds", 5, 1, 300),
            read_seconds=_number(options, "read_seconds", 60, 1, 3600),
            patience_seconds=_number(options, "patience_seconds", 30, 0, 3600),
            cache_bytes=_number(options, "cache_mb", 512, 0, 10_000_000) * 2**20,
            public_host=public_host,
            public_secure=public_secure,
        )


def _options(query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _OPTIONS:
            known = ", ".join(sorted(_OPTIONS))
            raise _wrong(
                f"không có tùy chọn «{name}»; có: {known}",
                f"there is no option {name!r}; there are: {known}",
            )
        if name in options:
            raise _wrong(f"tùy chọn «{name}» lặp lại", f"the option {name!r} stands twice")
        options[name] = value
    return options


def _endpoint(address: str, name: str) -> tuple[str, bool]:
    parts = _split(address)
    fits = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if not fits or parts.path not in ("", "/") or parts.query:
        raise _wrong(
            f"{name} phải có dạng http://host:9000 hoặc https://host",
            f"{name} must be like http://host:9000 or https://host",
        )
    return parts.netloc, parts.scheme == "https"


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port  # read, because only then it is looked at
    except ValueError:
        # Not repeated: somebody may have put a secret there.
        raise _wrong("địa chỉ viết sai", "that is no address") from None
    return parts


def _region(name: str) -> str:
    if not _REGION.fullmatch(name):
        raise _wrong(f"region «{name}» sai", f"{name!r} names no region")
    return name


def _prefix(path: str) -> str:
    """The part of all keys before the hash, with a slash at its end; empty for none."""
    prefix = nfc(unquote(path)).removeprefix("/").removesuffix("/")
    if not prefix:
        return ""
    for segment in prefix.split("/"):
        bad = not segment or segment in (".", "..") or len(segment.encode()) > _SEGMENT_BYTES
        if bad or "\\" in segment or not segment.isprintable():
            raise _wrong(f"tiền tố «{prefix}» sai", f"the prefix {prefix!r} does not fit")
    if len(prefix.encode()) > _KEY_BYTES - _OWN_KEY_BYTES:
        raise _wrong("tiền tố quá dài", "the prefix is too long")
    return f"{prefix}/"


def _one_of(options: dict[str, str], name: str, known: tuple[str, ...]) -> str:
    value = options.get(name, known[0])
    if value not in known:
        words = " | ".join(known)
        raise _wrong(f"{name} phải là {words}", f"{name} must be {words}")
    return value


def _number(options: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = options.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text[:12]) <= most):
        raise _wrong(
            f"{name} phải là số nguyên từ {least} đến {most}",
            f"{name} must be a whole number from {least} to {most}",
        )
    return int(text)


def _wrong(vi: str, en: str) -> UsageError:
    return UsageError(f"SOHOA_OBJECTS_URL: {vi}.", f"SOHOA_OBJECTS_URL: {en}.")
