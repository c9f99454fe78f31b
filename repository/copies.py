"""Printed copies (bản in) that people can check: a short code stands for what was printed.

A code has 60 random bits in the alphabet of Crockford's base 32, which leaves out letters
that are taken for figures; what people type for them is understood.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from repository.schema import copies
from vocabulary.errors import NotFound

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISTAKEN: Final = str.maketrans("OIL", "011")
_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Copy:
    """One printed thing: of a document, or a dossier's receipt for its applicant.

    ``sha256``: of the certified file that was printed. ``said``: what a receipt says.
    """

    code: str
    document_id: str | None
    dossier: str | None
    sha256: str | None
    said: Mapping[str, Any]
    made_by: str
    made_at: datetime


def new_code() -> str:
    """An unguessable code."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def shown(code: str) -> str:
    """The code as it is printed: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))


def normal(text: str) -> str | None:
    """The code that somebody typed; None where it cannot be one."""
    plain = "".join(one for one in text.upper() if one.isalnum()).translate(_MISTAKEN)
    known = len(plain) == _LENGTH and set(plain) <= set(_ALPHABET)
    return plain if known else None


def keep(tx: Session, made: Copy) -> None:
    """Keep what was printed."""
    tx.execute(
        copies.insert().values(
            code=made.code,
            document_id=made.document_id,
            dossier=made.dossier,
            sha256=made.sha256,
            said=dict(made.said),
            made_by=made.made_by,
            made_at=made.made_at,
        )
    )


def find(tx: Session, text: str) -> Copy:
    """What a code stands for, however it is typed.

    Raises:
        NotFound: nothing was printed under it.
    """
    code = normal(text)
    row = tx.execute(select(copies).where(copies.c.code == code)).one_or_none() if code else None
    if row is None:
        raise NotFound(
            "Không có bản in nào mang mã này. Hãy kiểm tra lại từng ký tự.",
            "Nothing was printed with this code. Check it letter by letter.",
            code="unknown_code",
        )
    return Copy(
        row.code, row.document_id, row.dossier, row.sha256, dict(row.said), row.made_by, row.made_at
    )
