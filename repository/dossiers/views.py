"""Frozen views of dossiers (hồ sơ thủ tục hành chính) and what hangs on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from vocabulary.clock import VIETNAM

DossierState = Literal[
    "received", "in_progress", "awaiting_supplement", "done", "refused", "withdrawn", "stopped"
]
"""Tiếp nhận, đang xử lý, chờ bổ sung, đã xử lý xong, từ chối, rút, dừng xử lý."""

OPEN: Final[tuple[DossierState, ...]] = ("received", "in_progress", "awaiting_supplement")
ENDS: Final[tuple[DossierState, ...]] = ("refused", "withdrawn", "stopped")
"""Ends without a result."""

Source = Literal["handed_in", "reused", "from_database"]
"""Where a paper of a dossier came from: handed in now, reused, taken from a database."""

ComponentState = Literal["awaited", "handed_in", "reused", "from_database"]

Channel = Literal["counter", "online", "post"]


@dataclass(frozen=True, slots=True)
class NewDossier:
    """What is known when a dossier is received.

    ``code``: given by another system, or None. ``cases``: of the procedure, that it is.
    """

    procedure: str
    subject_id: str
    received_at: datetime
    channel: Channel
    created_by: str
    code: str | None = None
    due_at: datetime | None = None
    demo: bool = False
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier; ``version`` guards against lost updates."""

    code: str
    procedure: str
    subject_id: str
    received_at: datetime
    channel: Channel
    due_at: datetime | None
    state: DossierState
    version: int
    demo: bool
    created_by: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    cases: tuple[str, ...] = ()

    @property
    def received_on(self) -> date:
        """The day of receipt at Vietnam's clock: papers must hold on this day."""
        return self.received_at.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that stands for a component, or is a result (``component`` is then None).

    ``checked_by``: who checked it against the case, None as long as nobody did.
    """

    document: str
    component: str | None
    source: Source
    added_by: str
    added_at: datetime
    checked_by: str | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """Why a paper is asked for that the office holds: a legal reason, its basis, and the facts."""

    reason: str
    legal_basis: str
    note: str

    def to_json(self) -> dict[str, str]:
        return {"reason": self.reason, "legal_basis": self.legal_basis, "note": self.note}


@dataclass(frozen=True, slots=True)
class SupplementRequest:
    """One request for supplements (yêu cầu bổ sung hồ sơ).

    ``overridden``: components asked for although they are held, with ``override`` saying why.
    """

    id: str
    components: tuple[str, ...]
    message: str
    overridden: tuple[str, ...]
    override: Override | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DossierEvent:
    """One thing that happened to a dossier."""

    at: datetime
    actor: str
    event: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DossierFilter:
    """Which dossiers to list; None means any."""

    state: DossierState | None = None
    open_only: bool = False
    procedure: str | None = None
    subject_id: str | None = None


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A page of the list; ``next`` is the cursor of the following one."""

    items: tuple[Dossier, ...]
    next: str | None
