"""What a service or worker looks at before it begins: faults that do not mend themselves.

A server that is away is none of them: it comes back. But an index of another office, or
a clock that is wrong, would make something quietly wrong of every paper.
"""

from typing import Final

from ingest.house import House
from ingest.readiness import clock_of_the_server
from repository import documents, installation
from vocabulary.errors import Conflict, MissingPart

_NOT_OURS: Final = frozenset(
    ("search_other_office", "search_wrong_server", "search_wrong_version", "search_name_taken")
)


def must_fit(house: House) -> None:
    """Refuses to begin where a part is there and is the wrong one.

    Raises:
        MissingPart: ``clock_wrong``, or what the index said (``search_other_office``).
        Conflict: ``signing_keys_missing``.
    """
    clock_of_the_server(house)
    keys_must_fit(house)
    _note_signing(house)
    try:
        house.index.check()
    except MissingPart as error:
        if error.error_code in _NOT_OURS:
            raise


def keys_must_fit(house: House) -> None:
    """Turns away a host that could not sign papers where others do.

    What it works on would end without the two signatures that the law asks for
    (Circular 01/2023/TT-VPCP, article 8), and nobody would notice.

    Raises:
        Conflict: ``signing_keys_missing``.
    """
    if house.seal is not None or house.without_signing:
        return
    with house.database.read() as tx:
        if installation.this(tx).signs_since is None and not documents.any_certified(tx):
            return
    raise Conflict(
        "Hệ thống này ký số mọi giấy tờ nhưng máy này chưa có khóa ký. Hãy đặt "
        "SOHOA_OFFICER_KEY và SOHOA_ORGANISATION_KEY như ở máy đầu tiên; nếu máy này cố ý "
        "không ký, hãy đặt SOHOA_WITHOUT_SIGNING=true.",
        "Papers are signed in this installation but this host has no keys. Set "
        "SOHOA_OFFICER_KEY and SOHOA_ORGANISATION_KEY as on the first host; if it is "
        "meant not to sign, set SOHOA_WITHOUT_SIGNING=true.",
        code="signing_keys_missing",
    )


def _note_signing(house: House) -> None:
    with house.database.read() as tx:
        known = installation.this(tx)
    if house.seal is None or known.signs_since is not None or known.state == "moved":
        return
    with house.database.write() as tx:
        installation.signs_from(tx, house.clock.now())
