"""What is searched of a document, and what is shown of it: one text, in both normal forms."""

from dataclasses import dataclass

from repository.ports import IndexEntry
from repository.search.terms import shortened, terms
from vocabulary.text import exact, folded, nfc


@dataclass(frozen=True, slots=True)
class Body:
    """``text`` as stored; its words in exact and folded form, position by position the same."""

    text: str
    exact: tuple[str, ...]
    folded: tuple[str, ...]


def body_of(entry: IndexEntry) -> Body:
    """Number, subject, issuer, holder and name stand before the text of the pages."""
    heads = (entry.number_symbol, entry.subject, entry.issuer, entry.holder, entry.name)
    text = shortened(nfc("\n".join(part for part in (*heads, entry.text) if part)))
    return Body(text, terms(exact(text)), terms(folded(text)))
