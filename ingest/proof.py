"""What must be equal between an office and its copy: rows, audit chain, figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from repository import audit, documents, figures, transfer
from vocabulary.errors import IntegrityFailure

_EVER: Final = (datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class TableProof:
    """Rows of one table and the digest over all of them."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Proof:
    """An office at one moment.

    ``audit``: number and hash of the newest entry. ``figures``: numerator and
    denominator by code, over all dossiers. ``documents``: numbers by state.
    """

    tables: Mapping[str, TableProof]
    audit: tuple[int, str]
    figures: Mapping[str, tuple[int, int]]
    documents: Mapping[str, int]
    revision: str

    def to_json(self) -> dict[str, Any]:
        """For the manifest of a backup."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Proof":
        """From the manifest of a backup."""
        return cls(
            tables={name: TableProof(**one) for name, one in said["tables"].items()},
            audit=(said["audit"][0], said["audit"][1]),
            figures={name: (one[0], one[1]) for name, one in said["figures"].items()},
            documents=dict(said["documents"]),
            revision=said["revision"],
        )


def proof_of(tx: Session, now: datetime, tables: Mapping[str, TableProof] | None = None) -> Proof:
    """Of the office as this session sees it.

    Args:
        tx: a reading session.
        now: the moment that figures of open dossiers are judged at.
        tables: digests that were made while the rows were read anyway.

    Raises:
        IntegrityFailure: the audit chain is broken already.
    """
    chain = audit.verify(tx)
    if not chain.intact:
        raise IntegrityFailure(
            f"Chuỗi nhật ký đứt ở dòng {chain.first_broken}. Hãy báo thanh tra trước đã.",
            f"The audit chain is broken at entry {chain.first_broken}. Tell the inspectors first.",
        )
    facts = figures.facts_between(tx, *_EVER)
    counted = {one.code: figures.found(one, facts, now) for one in figures.FIGURES}
    return Proof(
        tables=tables if tables is not None else digests(tx),
        audit=(chain.entries, chain.head),
        figures={code: (len(one.numerator), len(one.denominator)) for code, one in counted.items()},
        documents=dict(documents.counts(tx).by_state),
        revision=str(tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one()),
    )


def digests(tx: Session) -> dict[str, TableProof]:
    """Of every table that is carried over."""
    made = {table.name: transfer.digest_of(tx, table) for table in transfer.tables()}
    return {name: TableProof(one.rows, one.hex()) for name, one in made.items()}


def must_agree(wanted: Proof, found: Proof) -> None:
    """Makes sure that a copy is the office that it was made of.

    Raises:
        IntegrityFailure: naming the first thing that differs.
    """
    for name, table in wanted.tables.items():
        if found.tables.get(name) != table:
            raise _differs(f"bảng {name}", f"the table {name}")
    if found.audit != wanted.audit:
        raise _differs("chuỗi nhật ký", "the audit chain")
    if found.figures != wanted.figures:
        raise _differs("số liệu", "the figures")
    if found.documents != wanted.documents:
        raise _differs("số giấy tờ", "the numbers of documents")


def _differs(vi: str, en: str) -> IntegrityFailure:
    return IntegrityFailure(
        f"Bản sao khác bản gốc ở {vi}. Không dùng bản sao này; hãy làm lại.",
        f"The copy differs from its source in {en}. Do not use it; make it again.",
    )
