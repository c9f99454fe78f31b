"""Procedures of a provincial Department of Science and Technology, and terms, to start from.

They show the state of 2023 and 2024; codes and times were not all confirmed
at the source, so they are marked as demo data until an administrator puts the
office's own versions.
"""

import json
from datetime import datetime
from importlib import resources

from sqlalchemy.orm import Session

from repository import procedures
from repository.keeping import rules, schedule
from repository.procedures import Procedure


def department_procedures() -> list[Procedure]:
    """The eleven procedures that come with the package."""
    text = resources.files("repository.data").joinpath("procedures.json").read_text("utf-8")
    return [procedures.from_json(one, demo=True) for one in json.loads(text)["procedures"]]


def load_procedures(tx: Session, now: datetime) -> int:
    """Enters those whose code has no version yet; returns how many. An office's own stay."""
    new = [one for one in department_procedures() if not procedures.versions(tx, one.code)]
    for procedure in new:
        procedures.put(tx, procedure, now)
    return len(new)


def load_schedule(tx: Session) -> int:
    """Enters the shipped retention schedule where there is none; returns how many rules."""
    if rules.schedule(tx).rules:
        return 0
    shipped = schedule.shipped()
    rules.put_schedule(tx, shipped)
    return len(shipped.rules)
