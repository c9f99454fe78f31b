"""The rules on real decisions of many offices, where ``../shared/samples`` is there.

Only born-digital files are read here: their words are sure, so what is missed is the
rules' fault. A field counts if it is the label's text, letter for letter. Figures are
printed; floors are what the rules reach and must not fall under.
"""

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ocr.engines import EngineChoice, open_engine
from ocr.fields import extract_fields
from ocr.opening import open_document
from ocr.reading import read_page
from vocabulary.papers import FieldValue
from vocabulary.text import nfc

DECISIONS = Path(__file__).parents[3].parent / "shared" / "samples" / "decisions"
THERE = DECISIONS.is_dir()

_LABELS = {"signer": "signer_name", "title": "signer_title"}
_FLOORS = {
    "issuer": 0.97,
    "issuer_parent": 0.97,
    "number_symbol": 0.97,
    "place": 0.97,
    "issue_date": 0.97,
    "doc_type": 0.97,
    "subject": 0.97,
    "signer": 0.97,
    "title": 0.97,
}
_CITATIONS_FLOOR = 0.98
_PAGES = 2  # all of them are signed on the first or second page


@cache
def labelled() -> tuple[dict[str, Any], ...]:
    lines = (DECISIONS / "fields.jsonl").read_text("utf-8").splitlines()
    labels = [json.loads(line) for line in lines]
    return tuple(label for label in labels if label["kind"] == "born-digital")


@cache
def fields_of(name: str) -> Mapping[str, FieldValue]:
    engine = open_engine(EngineChoice("auto", None))
    with open_document(DECISIONS / "pdf" / name, "application/pdf") as document:
        numbers = range(1, min(_PAGES, document.page_count) + 1)
        pages = [read_page(document, number, engine) for number in numbers]
    return extract_fields(pages)


@pytest.mark.parametrize("name", list(_FLOORS) if THERE else [])
def test_a_field_is_read_as_printed(name: str) -> None:
    outcome: Counter[str] = Counter()
    for label in labelled():
        wanted = nfc(label.get(_LABELS.get(name, name)) or "")
        field = fields_of(label["file"]).get(name)
        read = "" if field is None else str(field.value)
        if not wanted:
            outcome["invented" if read else "rightly absent"] += 1
            continue
        outcome["right" if read == wanted else "wrong"] += 1
        if read != wanted:
            print(f"{label['file']}: {name}: {wanted!r} read as {read!r}")
    print(f"{name}: {dict(outcome)}")
    assert outcome["right"] >= _FLOORS[name] * (outcome["right"] + outcome["wrong"])
    assert not outcome["invented"]


@pytest.mark.parametrize("status", ["labelled"] if THERE else [])
def test_citations_of_the_first_page(status: str) -> None:
    right = wanted_count = read_count = 0
    for label in labelled():
        if label["status"] != status:
            continue
        field = fields_of(label["file"]).get("citations")
        read = set(field.value) if field else set()
        wanted = set(label["cited_page1"])
        right += len(read & wanted)
        wanted_count += len(wanted)
        read_count += len(read)
        if read != wanted:
            print(f"{label['file']}: missed {wanted - read}, invented {read - wanted}")
    f1 = 2 * right / (wanted_count + read_count)
    print(f"citations: F1 {f1:.3f}")
    assert f1 >= _CITATIONS_FLOOR


@pytest.mark.parametrize("status", ["annex"] if THERE else [])
def test_annexes_name_their_parent_and_have_none_of_its_fields(status: str) -> None:
    for label in labelled():
        if label["status"] == status:
            fields = fields_of(label["file"])
            assert set(fields) == {"doc_type", "parent_decision"}, label["file"]
            assert fields["parent_decision"].value == label["attached_to"]


@pytest.mark.parametrize("name", ["secrecy"] if THERE else [])
def test_no_public_decision_is_taken_for_a_secret_one(name: str) -> None:
    assert not [label["file"] for label in labelled() if name in fields_of(label["file"])]
