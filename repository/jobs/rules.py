"""What holds for jobs on every engine: how long, how often, and in which order."""

from datetime import timedelta
from typing import Final

from repository.ports import Urgency

LEASE: Final = timedelta(seconds=60)
MAX_ERRORS: Final = 5
"""Reported errors after which a job has failed."""
MAX_LOSSES: Final = 30
"""Leases lost in a row without any progress after which a job has failed: it kills its worker."""

MAX_TURN: Final = 1_000
"""Waiting jobs of one share that are told apart; further ones come in the order of asking."""


def rank(urgency: Urgency, ahead: int) -> int:
    """The number that orders jobs, greater first.

    Args:
        urgency: work at the desk comes before any backlog.
        ahead: jobs of the same share that wait already. The tenth file of one
            person stands behind the first of everybody else, so a pile of five
            hundred does not keep others from their one.
    """
    return urgency * 10 * MAX_TURN - min(ahead, MAX_TURN)
