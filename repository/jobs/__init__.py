"""The job queue: work that survives the death of whoever does it.

``leases``: a table in the catalogue, on either database. ``procrastinate``: the
engine of that name on PostgreSQL, for many hosts.
"""

from repository.jobs.leases import LeaseQueue
from repository.jobs.owners import owner_is_dead, process_owner, this_host
from repository.jobs.rules import LEASE, MAX_ERRORS, MAX_LOSSES

__all__ = [
    "LEASE",
    "MAX_ERRORS",
    "MAX_LOSSES",
    "LeaseQueue",
    "owner_is_dead",
    "process_owner",
    "this_host",
]
