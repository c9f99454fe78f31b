"""The one door: a kind and a seed make a paper."""

from collections.abc import Callable
from typing import Final, Unpack

from demo.papers.cards import make_identity_card
from demo.papers.certificates import make_certificate, make_licence
from demo.papers.forms import make_form, make_health_form
from demo.papers.model import Paper, PaperKind
from demo.papers.official import make_decision, make_letter
from demo.papers.order import Order, Overrides, take_order
from demo.papers.registrations import (
    make_power_of_attorney,
    make_registration,
    make_training_certificate,
)
from demo.papers.subjects import Subject

_MAKERS: Final[dict[PaperKind, Callable[[Order], Paper]]] = {
    PaperKind.DECISION: make_decision,
    PaperKind.LETTER: make_letter,
    PaperKind.LICENCE: make_licence,
    PaperKind.CERTIFICATE: make_certificate,
    PaperKind.FORM: make_form,
    PaperKind.HEALTH_FORM: make_health_form,
    PaperKind.IDENTITY_CARD: make_identity_card,
    PaperKind.POWER_OF_ATTORNEY: make_power_of_attorney,
    PaperKind.REGISTRATION: make_registration,
    PaperKind.TRAINING_CERTIFICATE: make_training_certificate,
}


def make_paper(
    kind: PaperKind, seed: int, *, subject: Subject | None = None, **overrides: Unpack[Overrides]
) -> Paper:
    """A paper with its truth; the same arguments always make the same paper.

    Args:
        kind: what to make.
        seed: chooses everything that is not given.
        subject: whom it is about; invented from the seed if not given.
        overrides: see :class:`demo.papers.order.Overrides`.

    Raises:
        MissingPart: the fonts are not installed.
    """
    return _MAKERS[kind](take_order(kind, seed, subject, overrides))
