"""What a new version of a procedure does to dossiers that are open."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from repository import dossiers, procedures
from repository.dossiers import DossierFilter
from repository.procedures import Procedure
from vocabulary.errors import NotFound

_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Effect:
    """One open dossier: codes of components that are new for it, gone, or asked for otherwise."""

    dossier: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "dossier": self.dossier,
            "url": f"/v1/dossiers/{self.dossier}",
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": list(self.changed),
        }


def effects_of(tx: Session, version: Procedure) -> list[Effect]:
    """Open dossiers that were received while the version holds and for which it differs.

    A dossier follows the version of its day of receipt, so a version for later days has none.
    """
    wanted = DossierFilter(open_only=True, procedure=version.code)
    found = []
    for dossier in dossiers.page_of(tx, wanted, None, _MOST).items:
        day = dossier.received_on
        if day < version.valid_from or (version.valid_to is not None and day > version.valid_to):
            continue
        try:
            before = procedures.get(tx, version.code, day)
        except NotFound:
            continue
        chosen = dossier.cases
        effect = _difference(dossier.code, before.for_cases(chosen), version.for_cases(chosen))
        if effect.added or effect.removed or effect.changed:
            found.append(effect)
    return found


def _difference(code: str, before: Procedure, after: Procedure) -> Effect:
    old = {one.code: one for one in before.components}
    new = {one.code: one for one in after.components}
    return Effect(
        code,
        added=tuple(one for one in new if one not in old),
        removed=tuple(one for one in old if one not in new),
        changed=tuple(one for one in new if one in old and new[one] != old[one]),
    )
