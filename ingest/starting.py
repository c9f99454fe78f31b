"""What a service or worker looks at before it begins: faults that do not mend themselves.

A server that is away is none of them: it comes back. But an index of another office, or
a clock that is wrong, would make something quietly wrong of every paper.
"""

from typing import Final

from ingest.house import House
from ingest.readiness import clock_of_the_server
from vocabulary.errors import MissingPart

_NOT_OURS: Final = frozenset(
    ("search_other_office", "search_wrong_server", "search_wrong_version", "search_name_taken")
)


def must_fit(house: House) -> None:
    """Refuses to begin where a part is there and is the wrong one.

    Raises:
        MissingPart: ``clock_wrong``, or what the index said (``search_other_office``).
    """
    clock_of_the_server(house)
    try:
        house.index.check()
    except MissingPart as error:
        if error.error_code in _NOT_OURS:
            raise
