"""The schedule in the catalogue: loaded as a whole, as it stands in its file."""

from typing import cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repository.keeping.schedule import CountsFrom, Rule, Schedule
from repository.schema import retention_rules


def schedule(tx: Session) -> Schedule:
    """All rules; none before a schedule was loaded: then nothing falls due."""
    rows = tx.execute(
        select(retention_rules).order_by(retention_rules.c.type, retention_rules.c.valid_from)
    )
    return Schedule(
        tuple(
            Rule(
                row.type, row.valid_from, row.valid_to, row.years,
                cast(CountsFrom, row.counts_from), row.legal_basis, row.confirmed, row.note,
            )
            for row in rows
        )
    )  # fmt: skip


def put_schedule(tx: Session, new: Schedule) -> None:
    """Puts a schedule in the place of the one before, rules of earlier times included."""
    tx.execute(delete(retention_rules))
    for rule in new.rules:
        tx.execute(
            retention_rules.insert().values(
                type=rule.type, valid_from=rule.valid_from, valid_to=rule.valid_to,
                years=rule.years, counts_from=rule.counts_from, legal_basis=rule.legal_basis,
                confirmed=rule.confirmed, note=rule.note,
            )
        )  # fmt: skip
