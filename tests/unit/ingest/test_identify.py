"""Files are recognised by content, never by name."""

from pathlib import Path

import pytest

from ingest.identify import media_type
from vocabulary.errors import Stopped


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"x" * 21 + b"%PDF-1.4\n", "application/pdf"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
        (b"PK\x03\x04", "application/zip"),
    ],
)
def test_the_content_tells_the_kind(tmp_path: Path, head: bytes, kind: str) -> None:
    path = tmp_path / "scan.docx"
    path.write_bytes(head + b"rest")
    assert media_type(path) == kind


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b"hello", "not_a_document"), (b"GIF89a", "not_a_document")],
)
def test_other_files_are_refused_with_the_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(Stopped) as stop:
        media_type(path)
    assert stop.value.reason == reason
