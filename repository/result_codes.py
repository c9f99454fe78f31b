"""Codes of digitised papers (mã kết quả số hóa) and of a dossier's results, given once.

A code that was given stays: it may stand on paper and in other systems. A paper whose
holder or type is corrected gets a second one; the first still leads to it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repository import subjects
from repository.documents import Document
from repository.insertion import insert_once
from repository.office_codes import OfficeCodes
from repository.schema import result_codes
from vocabulary.text import nfc

_SCHEMES: Final = ("vn:cccd", "vn:mst", "vn:dkdn", "passport", "vn:cmnd9")
"""Which number of a holder is its identity code, first ones first: the old card comes last."""


def give(tx: Session, codes: OfficeCodes, document: Document, now: datetime, day: date) -> None:
    """Give a digitised paper in force its code, unless it has the one that it would get.

    A paper of no known type gets none until a person has said what it is.
    """
    if document.type is None or document.status != "active":
        return
    holder = _holder(tx, document.subject_id)
    stem = codes.result_code(holder, document.type, 1, day)
    if stem is None or stem in _stems(tx, document.id):
        return
    ordinal, kept = _last(tx, stem), False
    while not kept:  # again only where another rule has given the same code
        ordinal += 1
        code = codes.result_code(holder, document.type, ordinal, day)
        assert code is not None  # the rule that gave the stem gives this one
        kept = _kept(tx, code, document.id, None, (stem, ordinal), now)


def give_results(tx: Session, dossier: str, documents: Sequence[str], now: datetime) -> None:
    """Codes of the results of a dossier that ends: its own with KQ and their ordinal.

    Decree 45/2020/NĐ-CP, article 14(3).
    """
    for number, document in enumerate(documents, start=1):
        _kept(tx, f"{dossier}-KQ{number}", document, dossier, (dossier, number), now)


def of_document(tx: Session, document_id: str) -> list[str]:
    """Codes of a document, oldest first."""
    rows = tx.execute(
        select(result_codes.c.code)
        .where(result_codes.c.document_id == document_id)
        .order_by(result_codes.c.given_at, result_codes.c.code)
    )
    return list(rows.scalars())


def documents_with(tx: Session, code: str) -> frozenset[str]:
    """The document that has a code, however it is typed; none where no paper has it."""
    plain = "".join(nfc(code).split()).upper()
    asked = select(result_codes.c.document_id).where(result_codes.c.code == plain)
    return frozenset(tx.execute(asked).scalars())


def _kept(
    tx: Session,
    code: str,
    document: str,
    dossier: str | None,
    place: tuple[str, int],
    now: datetime,
) -> bool:
    """``place``: what the code begins with, and which of such codes it is."""
    values = {"code": code.upper(), "document_id": document, "dossier": dossier,
              "stem": place[0], "ordinal": place[1], "given_at": now}  # fmt: skip
    return insert_once(tx, result_codes, values)


def _holder(tx: Session, subject_id: str | None) -> str:
    """Identity code of the holder; empty where it has none (Circular 01/2023, article 10(2))."""
    if subject_id is None:
        return ""
    known = {one.scheme: one.value for one in subjects.get(tx, subject_id).identifiers}
    return next((known[scheme] for scheme in _SCHEMES if scheme in known), "")


def _stems(tx: Session, document_id: str) -> list[str]:
    rows = tx.execute(
        select(result_codes.c.stem).where(
            result_codes.c.document_id == document_id, result_codes.c.dossier.is_(None)
        )
    )
    return list(rows.scalars())


def _last(tx: Session, stem: str) -> int:
    """The ordinal that was given last, 0 where none was; read off the end of an index."""
    last = select(func.max(result_codes.c.ordinal)).where(result_codes.c.stem == stem)
    return int(tx.execute(last).scalar_one() or 0)
