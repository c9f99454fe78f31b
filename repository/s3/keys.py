"""The store's access keys: from a file or the environment, never from an address or settings."""

import configparser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vocabulary.errors import MissingPart

_NAMES: Final = (
    ("SOHOA_S3_ACCESS_KEY", "SOHOA_S3_SECRET_KEY", None),
    ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
)


@dataclass(frozen=True, slots=True)
class S3Keys:
    """What the service shows to the store; the secret is not in its printed form."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


def find_keys(credentials_file: Path | None, environment: Mapping[str, str]) -> S3Keys:
    """The file where one is named, else ``SOHOA_S3_…``, else the ``AWS_…`` names.

    The file is preferred: what stands in the environment is inherited by the children
    that read untrusted papers.

    Raises:
        MissingPart: there are none, or the file may be read by others or is no such file.
    """
    if credentials_file is not None:
        return _from_file(credentials_file)
    for access, secret, token in _NAMES:
        if environment.get(access) and environment.get(secret):
            return S3Keys(
                environment[access],
                environment[secret],
                (environment.get(token) or None) if token else None,
            )
    raise _missing(
        "Thiếu khóa truy cập kho S3. Hãy đặt SOHOA_S3_CREDENTIALS_FILE (tệp quyền 0600) hoặc "
        "SOHOA_S3_ACCESS_KEY và SOHOA_S3_SECRET_KEY.",
        "The keys of the S3 store are missing. Set SOHOA_S3_CREDENTIALS_FILE (a file of mode "
        "0600), or SOHOA_S3_ACCESS_KEY and SOHOA_S3_SECRET_KEY.",
    )


def _from_file(path: Path) -> S3Keys:
    """The form that other S3 tools use: ``[default]``, ``aws_access_key_id = …``."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _missing(
            f"Không đọc được tệp khóa S3 «{path}». Hãy kiểm tra đường dẫn và quyền đọc.",
            f"The S3 credentials file {str(path)!r} cannot be read. Check its path and rights.",
        ) from error
    if mode & 0o077:
        raise _missing(
            f"Tệp khóa S3 «{path}» đang mở cho người khác đọc. Hãy chạy: chmod 600 {path}",
            f"The S3 credentials file {str(path)!r} is open to others. Run: chmod 600 {path}",
        )
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
        section = parser["default"]
        return S3Keys(
            section["aws_access_key_id"],
            section["aws_secret_access_key"],
            section.get("aws_session_token"),
        )
    except (configparser.Error, KeyError):
        raise _missing(
            f"Tệp khóa S3 «{path}» sai mẫu. Hãy ghi: [default], aws_access_key_id = …, "
            "aws_secret_access_key = …",
            f"The S3 credentials file {str(path)!r} has another form. Write: [default], "
            "aws_access_key_id = …, aws_secret_access_key = …",
        ) from None  # the parser's own words would repeat lines of the file


def _missing(vi: str, en: str) -> MissingPart:
    return MissingPart(vi, en, code="store_keys")
