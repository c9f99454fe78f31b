"""Catalogue, objects and index held against each other: what differs is told, the index mended.

Objects are never removed and rows never invented here: an object that nothing
names is told of, one that is missing must come back from a backup.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from ingest import outbox
from ingest.house import House
from ingest.identify import ZIP
from ingest.indexing import index_documents
from repository.named_objects import named_objects
from repository.schema import documents
from vocabulary.errors import MissingPart, SohoaError

_FOUND: Final = ("needs_review", "reviewed", "composed", "certified", "done")
"""States in which a paper must be found."""
_SETTLED: Final = ("needs_review", "done")
"""States in which the index must know the newest version; on the way it may lag behind."""
_LOT: Final = 500


@dataclass(frozen=True, slots=True)
class ObjectFinding:
    """An object by its hash. ``state``: ``ok``, ``unnamed``, or the code of what is wrong."""

    sha256: str
    state: str

    @property
    def broken(self) -> bool:
        """Whether something that the office holds is damaged or missing."""
        return self.state not in ("ok", "unnamed")


@dataclass(frozen=True, slots=True)
class IndexFindings:
    """Ids of papers that are not found, found as they were, or found though they are gone."""

    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    checked: int = field(default=0)

    @property
    def differences(self) -> int:
        """How many papers the index has otherwise than the catalogue."""
        return len(self.missing) + len(self.stale) + len(self.extra)


def objects(house: House) -> Iterator[ObjectFinding]:
    """Every object that is named or there, read whole and compared with its name.

    Raises:
        MissingPart: the store is away; that says nothing of its objects.
    """
    with house.database.read() as tx:
        named = named_objects(tx)
    for sha256 in sorted(named | set(house.objects.all())):
        try:
            house.objects.check(sha256)
            state = "ok" if sha256 in named else "unnamed"
        except MissingPart:
            raise
        except SohoaError as error:
            state = error.error_code
        yield ObjectFinding(sha256, state)


def index(house: House) -> IndexFindings:
    """What the index knows, against the catalogue. Changes of this very moment may show.

    Raises:
        MissingPart: the index is away.
    """
    known = dict(house.index.versions())
    missing, stale = [], []
    checked = 0
    wanted = select(
        documents.c.id, documents.c.version, documents.c.state, documents.c.media_type
    ).where(documents.c.state != "stopped", documents.c.status != "disposed")
    with house.database.read() as tx:
        for row in tx.execute(wanted).yield_per(_LOT):
            if row.media_type == ZIP:
                continue
            checked += 1
            version = known.pop(row.id, None)
            if version is None and row.state in _FOUND:
                missing.append(row.id)
            elif version is not None and version < row.version and row.state in _SETTLED:
                stale.append(row.id)
    return IndexFindings(tuple(missing), tuple(stale), tuple(sorted(known)), checked)


def mend_index(house: House, findings: IndexFindings) -> None:
    """Tells the index of what it has otherwise; what the catalogue does not know leaves it."""
    told = [*findings.missing, *findings.stale]
    with house.database.read() as tx:
        rows = select(documents.c.id).where(documents.c.id.in_(findings.extra))
        stopped = set(tx.execute(rows).scalars())
    told += sorted(stopped)
    for at in range(0, len(told), _LOT):
        index_documents(house, told[at : at + _LOT])
    unknown = [one for one in findings.extra if one not in stopped]
    if unknown:
        house.index.remove(unknown, max(version for _, version in house.index.versions()))


def prepare_index(house: House) -> None:
    """Makes the first generation on a search server that has none of this office yet."""
    try:
        house.index.check()
    except MissingPart as error:
        if error.error_code != "search_unprepared":
            raise
        with house.index.rebuilding():
            pass  # empty: it is filled like any index that lost its papers


def fill_when_empty(house: House) -> int:
    """Asks for every paper to be indexed where the index is new (another form, another server).

    Returns how many were asked for.

    Raises:
        MissingPart: the index is away, or is not this office's.
    """
    prepare_index(house)
    if house.index.count():
        return 0
    with house.database.read() as tx:
        held = (documents.c.state.in_(_FOUND), documents.c.status != "disposed")
        rows = select(documents.c.id).where(*held)
        wanted = list(tx.execute(rows).scalars())
    for at in range(0, len(wanted), _LOT):
        with house.database.write() as tx:
            for one in wanted[at : at + _LOT]:
                outbox.changed(house, tx, one)
    return len(wanted)
