"""Files in a multipart body, under whatever field names the sender uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from fastapi import Request
from starlette.datastructures import UploadFile

from vocabulary.errors import InvalidRequest
from vocabulary.given import read_json, whole_number

MOST_FILES: Final = 1000

FILES_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "One or many files; any field name is taken.",
                        }
                    },
                }
            }
        },
    }
}
"""The body's description for OpenAPI, where the handler reads the form itself."""

PILE_BODY: Final[dict[str, Any]] = deepcopy(FILES_BODY)
PILE_BODY["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]["metadata"] = {
    "type": "string",
    "description": "JSON object, true of every file: subject {scheme, id, name}, form, scope, "
    "type, valid_from, valid_to.",
}
"""The same with what is declared for all of the files at once."""


@contextmanager
def within_limit() -> Iterator[None]:
    """A file beyond the house's limit is refused alike at every door.

    Raises:
        InvalidRequest: code ``upload_too_large`` (413).
    """
    try:
        yield
    except InvalidRequest as error:
        if error.error_code != "too_large":
            raise
        raise InvalidRequest(error.vi, error.en, code="upload_too_large", **error.detail) from error


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of the body: spooled to disk beyond a megabyte, never held in memory whole."""

    name: str
    bytes: int
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Parts:
    """A multipart body: its files in order, and its other fields."""

    files: tuple[Upload, ...]
    fields: dict[str, str]


async def parts_of(request: Request) -> Parts:
    """Read the multipart body.

    A part that is JSON (``metadata`` sent as a file part by some clients) counts
    as a field, as does every part without a file name.

    Raises:
        InvalidRequest: the body is no multipart form.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise InvalidRequest(
            "Hãy gửi tệp trong thân multipart/form-data.",
            "Send files in a multipart/form-data body.",
            code="unsupported_media_type",
        )
    form = await request.form(max_files=MOST_FILES)
    files: list[Upload] = []
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            fields[name] = value
        elif name == "metadata":
            fields[name] = (await value.read()).decode("utf-8", "replace")
        elif value.filename:
            # The name is what the sender calls the file; it never names anything on the disk.
            files.append(Upload(value.filename[-255:], value.size or 0, value.file))
    return Parts(tuple(files), fields)


def need_files(parts: Parts) -> tuple[Upload, ...]:
    """The files of the body.

    Raises:
        InvalidRequest: there is none.
    """
    if not parts.files:
        raise InvalidRequest(
            "Yêu cầu không có tệp nào. Hãy gửi ít nhất một tệp.",
            "The request has no file. Send at least one.",
            field="files",
        )
    return parts.files


def metadata_of(parts: Parts) -> dict[str, Any] | None:
    """The ``metadata`` field, a JSON object; None where there is none.

    Raises:
        InvalidRequest: it is not a JSON object.
    """
    text = parts.fields.get("metadata", "").strip()
    if not text:
        return None
    try:
        data = read_json(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise InvalidRequest(
            "Phần metadata phải là một đối tượng JSON.",
            "The metadata part must be a JSON object.",
            field="metadata",
        )
    return data


def count_of(parts: Parts, name: str) -> int | None:
    """A declared count from the form; None where it is empty.

    Raises:
        InvalidRequest: it is not a whole number of at least 1.
    """
    text = parts.fields.get(name, "").strip()
    if not text:
        return None
    count = whole_number(text, 18)
    if count is None or not 1 <= count <= 10_000_000:
        raise InvalidRequest(
            "Số đã đếm phải là số nguyên từ 1 trở lên.",
            "A declared count must be a whole number of at least 1.",
            field=name,
        )
    return count
