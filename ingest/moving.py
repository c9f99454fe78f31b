"""Moving up: an office on embedded parts goes over to servers, proved row by row and hash by hash.

First the objects, as often as one likes, while the office works. Then the
switch: the old installation is closed for changes (and goes on answering), the
rows go over in one transaction, everything is compared, and the new one opens.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ingest import indexing, proof
from ingest.house import House
from ingest.requeue import ask_again
from repository import installation, transfer
from repository.named_objects import is_named, named_objects
from vocabulary.errors import Conflict, IntegrityFailure, NotFound

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """``objects`` in all, ``copied`` by this run; ``rows`` of the catalogue when it went over."""

    objects: int
    copied: int
    rows: int = 0
    documents: int = 0


def copy_objects(old: House, new: House, told: Told = lambda *_: None) -> Moved:
    """Copies what the new store has not got yet, each object compared by its hash.

    Raises:
        IntegrityFailure: an object is not intact here, or was not there.
        Conflict: the two installations have different audit keys.
    """
    if old.audit_key != new.audit_key:
        raise Conflict(
            "Hệ mới cần cùng khóa nhật ký: chép tệp keys/audit.key sang, hoặc đặt "
            "SOHOA_AUDIT_KEY_FILE trong thiết lập mới.",
            "The new installation needs the same audit key: copy keys/audit.key over, or set "
            "SOHOA_AUDIT_KEY_FILE in the new settings.",
            code="other_audit_key",
        )
    with old.database.read() as tx:
        named = sorted(named_objects(tx))
    copied = 0
    for at, sha256 in enumerate(named, start=1):
        if not new.objects.exists(sha256):
            try:
                with old.objects.open(sha256) as stream:
                    kept = new.objects.put(stream).sha256
            except NotFound:
                with old.database.read() as tx:
                    if is_named(tx, sha256):
                        raise
                continue  # disposed of meanwhile
            if kept != sha256:
                raise IntegrityFailure(
                    f"Tệp {sha256} ở hệ cũ không còn nguyên vẹn: khôi phục nó từ bản sao lưu.",
                    f"The object {sha256} is not intact: restore it from the backup first.",
                    sha256=sha256,
                    found=kept,
                )
            copied += 1
        told(at, len(named))
    return Moved(len(named), copied)


def switch(old: House, new: House, to: str, told: Told = lambda *_: None) -> Moved:
    """Closes the old installation for changes and opens the new one; run again, it goes on.

    Args:
        old: the office as it is.
        new: an empty installation.
        to: where it goes, for whoever still comes to the old one.
        told: hears of the objects that are compared.

    Raises:
        Conflict: the new one is not empty.
        IntegrityFailure: something differs; the old one is open for changes again.
    """
    with old.database.read() as tx:
        closed = installation.this(tx).state == "moved"
    if closed and _finished(old, new):
        return _in_all(new)
    with new.database.read() as tx:
        transfer.must_be_empty(tx)
    if not closed:
        with old.database.write() as tx:
            installation.set_state(tx, "moved", to)
    try:
        copied = copy_objects(old, new).copied
        _carry_over(old, new)
        named = sorted(_named(new))
        for at, sha256 in enumerate(named, start=1):
            new.objects.check(sha256)
            told(at, len(named))
    except BaseException:
        reopen(old)
        raise
    ask_again(new)
    indexing.reindex(new)
    return _in_all(new, copied)


def reopen(old: House) -> None:
    """The old installation takes changes again; what the new one got meanwhile is not in it."""
    with old.database.migrating() as connection:  # the one door that a closed office has
        connection.execute(installation.OPEN_AGAIN)


def _carry_over(old: House, new: House) -> None:
    """All rows in one transaction, and the comparison before it ends."""
    now = old.clock.now()
    with old.database.read() as source, new.database.write(slow=True) as target:
        wanted = proof.proof_of(source, now)
        for table in transfer.tables():
            one = wanted.tables[table.name]
            lines = transfer.lines_of(source, table)
            transfer.take_in(target, table, lines, (one.rows, one.digest))
        proof.must_agree(wanted, proof.proof_of(target, now))


def _finished(old: House, new: House) -> bool:
    """Whether an earlier run was killed after the rows went over."""
    with old.database.read() as source, new.database.read() as target:
        return proof.digests(source) == proof.digests(target)


def _named(house: House) -> frozenset[str]:
    with house.database.read() as tx:
        return named_objects(tx)


def _in_all(new: House, copied: int = 0) -> Moved:
    with new.database.read() as tx:
        tables = proof.digests(tx)
        return Moved(
            len(named_objects(tx)), copied,
            sum(one.rows for one in tables.values()), tables["documents"].rows,
        )  # fmt: skip
