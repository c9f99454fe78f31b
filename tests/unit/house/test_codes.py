"""Every code that the program raises stands in the API's description, and in a test."""

import json
import re
from pathlib import Path

from api.http.code_lists import described_codes
from tests.unit.house.raised_codes import TABLE, table

OF_PARTS = {
    "batch_running", "catalogue_newer", "certificate_file_missing", "clock_wrong",
    "database_busy", "database_missing", "database_refused", "database_too_old",
    "digest_differs", "lease_lost", "office_there", "port_in_use",
    "renewal_not_sound", "request_entity_too_large", "seal_image_missing", "search_no_right",
    "search_overloaded", "service_unreachable",
    "signing_service_failed", "stamp_font_missing",
    "store_keys", "store_not_encrypting", "store_not_locking", "token_ambiguous", "token_busy",
    "token_failed", "tsa_missing", "usage", "wrong_type_file",
}  # fmt: skip
"""Troubles of servers, tokens, keys, fonts and the command line: their tests look at the exit
code and the sentence, or no test can make them. A code of once only never belongs here."""


def test_the_table_is_what_the_program_raises() -> None:
    kept = json.loads(TABLE.read_text("utf-8"))
    assert kept == table(), "run: python -m tests.unit.house.raised_codes"


def test_the_description_names_every_code_with_its_sentence() -> None:
    schema = described_codes()["ErrorCode"]
    assert set(schema["enum"]) == set(table())
    for code, told in table().items():
        assert told["said"], code
        assert f"`{code}` ({told['status']})" in schema["description"]


def test_every_code_stands_in_a_test(root: Path) -> None:
    texts = [
        path.read_text("utf-8")
        for path in (root / "tests").rglob("*.py")
        if path.name not in ("test_codes.py", "raised_codes.py") or path.parent.name == "http"
    ]
    named = set(re.findall(r"[\"']([a-z][a-z0-9_]*)[\"']", "\n".join(texts)))
    assert set(table()) - named - OF_PARTS == set()
    assert not OF_PARTS & named, "these have a test now: take them off the list"
