"""The shelf port: where a file's way is remembered and its results are put."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from ingest.archive import Member
from vocabulary.papers import Fields, FileRecord, OutputFile, PageReading, SignatureRecord
from vocabulary.signers import SignerRole

Step = Literal["identified", "checked", "read", "composed", "certified"]
"""Named states on the way; they are named after the steps that lead to them."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A signature of this paper that is made elsewhere.

    ``draft``: SHA-256 of the file with the empty place. ``prepared``: what the answer must
    fit. ``kept``: what the next turn needs. ``answer``: a CMS, None while it is awaited.
    """

    role: SignerRole
    draft: str
    prepared: Mapping[str, Any]
    kept: Mapping[str, Any]
    answer: bytes | None


@dataclass(frozen=True, slots=True)
class TaskOutline:
    """What has to be signed elsewhere; fields as in :class:`Awaited`.

    ``how``: where the key is. ``signer``: the name in the awaited certificate,
    ``fingerprint`` its SHA-256.
    """

    role: SignerRole
    how: Literal["own_computer", "remote"]
    signer: str
    fingerprint: str
    prepared: Mapping[str, Any]
    kept: Mapping[str, Any]


class Shelf(Protocol):
    """Remembers one file's steps; each call is durable when it returns.

    Every method may be called again with the same values after a kill and then
    changes nothing.
    """

    def step(self, name: Step, **facts: Any) -> None:
        """The file has reached the named state."""
        ...

    def keep_signatures(self, signatures: Sequence[SignatureRecord]) -> None: ...

    def pages(self) -> Mapping[int, PageReading]:
        """Pages that were read before."""
        ...

    def keep_page(self, page: PageReading) -> None:
        """A page was read; it will not be read again."""
        ...

    def keep_fields(self, fields: Fields) -> None: ...

    def confirmed_fields(self) -> Fields | None:
        """The fields as a person has confirmed them, None before that."""
        ...

    def waits_for_review(self, questions: Sequence[str]) -> bool:
        """Whether the way stops here until a person has answered."""
        ...

    def hand_on(self, record: FileRecord, members: Sequence[Member]) -> FileRecord:
        """The papers inside a ZIP begin their own ways."""
        ...

    def store(self, path: Path, pdfa: str | None, certified: bool) -> OutputFile:
        """Put the archival file where it stays."""
        ...

    def awaited(self) -> Mapping[str, Awaited]:
        """Signatures that are, or were, awaited from elsewhere, by role."""
        ...

    def await_signature(self, draft: Path, task: TaskOutline) -> None:
        """The way stops here until the signature has come."""
        ...

    def stop_awaiting(self, role: SignerRole) -> None:
        """Nobody will make this signature any more: its turn begins anew."""
        ...

    def held(self, sha256: str) -> AbstractContextManager[Path]:
        """A draft that is awaited, to be read."""
        ...

    def finish(self, record: FileRecord) -> FileRecord:
        """The way ends here, for now or for good; with a catalogue, the index learns of it."""
        ...
