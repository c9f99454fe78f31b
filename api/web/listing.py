"""Lists: the query of the following page, and the document types to filter by."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from api.web import words
from repository import procedures
from vocabulary.text import nfc


def query_string(**values: Any) -> str:
    """The query of an address, without what is empty."""
    return urlencode({name: value for name, value in values.items() if value})


def types_in_use(tx: Session) -> dict[str, str]:
    """Document types that procedures ask for or produce, each with a name to show."""
    found: dict[str, str] = dict(words.DOCUMENT_TYPES)
    for procedure in procedures.list_all(tx):
        for result in procedure.results:
            found.setdefault(result.type, result.name)
        for component in procedure.components:
            for alternative in component.satisfied_by:
                for kind in alternative:
                    found.setdefault(kind, kind)
    return dict(sorted(found.items(), key=lambda item: item[1]))


def day_of(text: str) -> date | None:
    """A date from a form; None where it is empty or not one (the browser's picker makes none)."""
    try:
        return date.fromisoformat(nfc(text).strip())
    except ValueError:
        return None
