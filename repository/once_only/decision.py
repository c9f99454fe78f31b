"""The once-only decision: whoever holds a paper already is not asked for it again.

:func:`decide` is pure: frozen values in, a reasoned answer out. A document is
reusable for a component when it is the subject's, of an accepted type and
form, active, valid on the day of receipt, in force at this place, signed well,
its fields confirmed (DESIGN.md rule 5; Decree 45/2020/NĐ-CP, article 25).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from repository.procedures import Component

Answer = Literal["held", "partly", "must_request"]
Status = Literal["draft", "active", "superseded", "corrected", "withdrawn", "disposed"]
SignatureState = Literal["valid", "none", "incomplete", "undecided", "invalid"]
"""``incomplete``: a certified electronic copy without the two signatures that make it one."""

NATIONWIDE: Final = "nationwide"
ACCEPTED_AS: Final[Mapping[str, frozenset[str]]] = {
    "original": frozenset({"original", "certified_copy", "copy"}),
    # The electronic result has the value of the paper one (Decree 45/2020, article 5).
    "electronic_original": frozenset({"electronic_original", "original", "certified_copy", "copy"}),
    # In place of the original (Decree 45/2020, article 10(3)(b)).
    "electronic_certified_copy": frozenset(
        {"electronic_certified_copy", "original", "certified_copy", "copy"}
    ),
    "certified_copy": frozenset({"certified_copy", "copy"}),
    "copy": frozenset({"copy"}),
}
"""What a paper of a legal form may stand in for. An unknown form stands for itself alone."""


@dataclass(frozen=True, slots=True)
class DocumentHeld:
    """What the decision needs to know of one document.

    ``holder``: subject id, None where nobody is named yet. ``scope``: where it
    is in force: None or ``nationwide``, or a province code such as ``H31``. ``other_stands``,
    ``other_valid_to``: of the papers with which its validity ends, where there are such:
    whether all are in force, and the first day of their ends.
    """

    id: str
    holder: str | None
    type: str | None
    form: str | None
    status: Status
    issue_date: date | None
    valid_from: date | None
    valid_to: date | None
    scope: str | None
    signature: SignatureState
    fields_confirmed: bool
    other_stands: bool = True
    other_valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Considered:
    """One document that was looked at, and every reason against it."""

    document: str
    reasons: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return not self.reasons

    def to_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "accepted": self.accepted,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class ComponentAnswer:
    """The answer for one component.

    ``missing``: types still wanted when partly held. ``case``: it is asked for in this case alone.
    """

    component: str
    name: str
    required: bool
    answer: Answer
    use: tuple[str, ...]
    missing: tuple[str, ...]
    considered: tuple[Considered, ...]
    case: str | None = None

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "component": self.component,
            "name": self.name,
            "required": self.required,
            "answer": self.answer,
            "use": list(self.use),
            "considered": [one.to_json() for one in self.considered],
        }
        if self.answer == "partly":
            found["missing"] = list(self.missing)
        if self.case is not None:
            found["case"] = self.case
        return found


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All components of a procedure for one subject on one day (surface.md section 6)."""

    procedure: str
    on: date
    components: tuple[ComponentAnswer, ...]

    def answer(self, component: str) -> ComponentAnswer | None:
        """The answer for one component, None if the procedure has no such component."""
        return next((one for one in self.components if one.component == component), None)

    def to_json(self) -> dict[str, Any]:
        return {
            "procedure": self.procedure,
            "on": self.on.isoformat(),
            "components": [one.to_json() for one in self.components],
        }


def decide(
    component: Component,
    subject: str | None,
    on: date,
    held: Sequence[DocumentHeld],
    places: Collection[str],
) -> ComponentAnswer:
    """Answers for one component.

    Args:
        component: what the procedure requires.
        subject: id of the subject, None if the catalogue does not know it.
        on: the day of receipt.
        held: documents to look at, of this subject or others.
        places: province codes of this office on that day (repository.office_codes); a paper
            in force in one of them will do.
    """
    wanted = {kind for alternative in component.satisfied_by for kind in alternative}
    looked_at = [document for document in held if _is_plausible(document, subject, wanted)]
    verdicts = {
        document.id: reasons_against(document, component, subject, on, places)
        for document in looked_at
    }
    accepted = [document for document in looked_at if not verdicts[document.id]]
    answer, use, missing = _choose(component, accepted)
    return ComponentAnswer(
        component=component.code,
        name=component.name,
        required=component.required,
        answer=answer,
        use=use,
        missing=missing,
        case=component.case,
        considered=tuple(
            Considered(document.id, verdicts[document.id])
            for document in sorted(looked_at, key=lambda one: (bool(verdicts[one.id]), one.id))
        ),
    )


def reasons_against(
    document: DocumentHeld,
    component: Component,
    subject: str | None,
    on: date,
    places: Collection[str],
) -> tuple[str, ...]:
    """Every reason why this document does not satisfy the component; empty if it does."""
    if subject is None or document.holder != subject:
        return ("holder_differs",)  # no more is said of somebody else's paper
    wanted = {kind for alternative in component.satisfied_by for kind in alternative}
    reasons = []
    if document.type not in wanted:
        reasons.append("type_not_accepted")
    if component.form and not _stands_for(document.form) & set(component.form):
        reasons.append("form_not_accepted")
    if document.status != "active":
        reasons.append(document.status)
    reasons += _reasons_of_time(document, component, on)
    if document.scope not in (None, NATIONWIDE, *places):
        reasons.append("out_of_scope")
    return (*reasons, *_reasons_of_trust(document))


def reasons_of_state(document: DocumentHeld) -> tuple[str, ...]:
    """What keeps a paper from being worth anything yet, whoever asks and whatever for."""
    status = () if document.status == "active" else (document.status,)
    return (*status, *_reasons_of_trust(document))


def _reasons_of_trust(document: DocumentHeld) -> tuple[str, ...]:
    signature = _SIGNATURE_REASONS[document.signature]
    unsigned = () if signature is None else (signature,)
    return unsigned if document.fields_confirmed else (*unsigned, "fields_unconfirmed")


def _reasons_of_time(document: DocumentHeld, component: Component, on: date) -> list[str]:
    reasons = []
    starts = document.valid_from or document.issue_date
    if starts is not None and on < starts:
        reasons.append("not_yet_valid")
    if document.valid_to is not None and on > document.valid_to:  # the last day still counts
        reasons.append("expired")
    if _ended_with_another(document, on):
        reasons.append("ended_with_other")
    if component.max_age_days is not None:
        if document.issue_date is None:
            reasons.append("issue_date_unknown")
        elif (on - document.issue_date).days > component.max_age_days:
            reasons.append("too_old")
    return reasons


def reasons_of_loss(document: DocumentHeld, on: date) -> tuple[str, ...]:
    """Why a paper that was used is worth nothing any more on the day for which it was used."""
    gone = (document.status,) if document.status in _GONE else ()
    over = ("expired",) if document.valid_to is not None and on > document.valid_to else ()
    with_other = ("ended_with_other",) if _ended_with_another(document, on) else ()
    broken = ("signature_invalid",) if document.signature == "invalid" else ()
    return (*gone, *over, *with_other, *broken)


def _ended_with_another(document: DocumentHeld, on: date) -> bool:
    ends = document.other_valid_to
    return not document.other_stands or (ends is not None and on > ends)


def _is_plausible(document: DocumentHeld, subject: str | None, wanted: set[str]) -> bool:
    """Papers of another type are no answer; one without a type might be, so it is shown."""
    if document.type in wanted:
        return True
    return document.type is None and bool(wanted) and document.holder == subject


def _stands_for(form: str | None) -> frozenset[str]:
    return frozenset() if form is None else ACCEPTED_AS.get(form, frozenset({form}))


def _choose(
    component: Component, accepted: Sequence[DocumentHeld]
) -> tuple[Answer, tuple[str, ...], tuple[str, ...]]:
    """The first alternative that is whole, else the one that lacks least."""
    best: dict[str, str] = {}
    for document in sorted(accepted, key=_preference):
        if document.type is not None:
            best.setdefault(document.type, document.id)
    partial: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    for alternative in component.satisfied_by:
        use = tuple(best[kind] for kind in alternative if kind in best)
        missing = tuple(kind for kind in alternative if kind not in best)
        if not missing:
            return "held", use, ()
        if use and (partial is None or len(missing) < len(partial[1])):
            partial = (use, missing)
    if partial is None:
        return "must_request", (), ()
    return "partly", *partial


def _preference(document: DocumentHeld) -> tuple[int, int, str]:
    """The paper that stays valid longest, then the newest, comes first."""
    ends = (document.valid_to or date.max).toordinal()
    issued = (document.issue_date or date.min).toordinal()
    return (-ends, -issued, document.id)


_GONE: Final = ("superseded", "corrected", "withdrawn", "disposed")

_SIGNATURE_REASONS: Final[Mapping[SignatureState, str | None]] = {
    "valid": None,
    "none": "unsigned",
    "incomplete": "signature_missing",
    "undecided": "signature_undecided",
    "invalid": "signature_invalid",
}
