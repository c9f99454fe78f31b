"""What is to be made: one paper's kind, seed, wishes, and the choices that follow from them."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from demo.papers.fonts import Face
from demo.papers.model import PaperKind, Style
from demo.papers.offices import SCIENCE, Office, choose_office
from demo.papers.subjects import Scheme, Subject, invent_name, make_subject
from demo.papers.wording import document_number, some_day


class Overrides(TypedDict, total=False):
    """Wishes that replace what the seed would choose.

    ``number_symbol`` without digits before the slash ("/SKHCN-VP") gives a paper
    whose number was never filled in. ``matter`` is the subject line (trích yếu)
    without "Về việc"/"V/v". ``pages`` is the least number of pages of a decision.
    ``footer`` stands small at the foot of every page. ``secrecy`` and ``urgency``
    are stamped ("MẬT", "HỎA TỐC").
    """

    number_symbol: str
    issue_date: date
    expiry_date: date
    signer: str
    matter: str
    secrecy: str
    urgency: str
    footer: str
    pages: int
    office: Office


SAMPLE_FOOTER = "MẪU THỬ NGHIỆM - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
"""The footer of every paper of the demo office."""

_SCHEMES: Mapping[PaperKind, Scheme] = {
    PaperKind.IDENTITY_CARD: "vn:cccd",
    PaperKind.HEALTH_FORM: "vn:cccd",
    PaperKind.POWER_OF_ATTORNEY: "vn:cccd",
    PaperKind.TRAINING_CERTIFICATE: "vn:cccd",
}


@dataclass(frozen=True, slots=True)
class Order:
    """All choices of one paper; ``rng`` goes on with whatever the layout needs."""

    kind: PaperKind
    seed: int
    rng: random.Random
    wishes: Overrides
    subject: Subject
    office: Office
    issue_date: date
    number: str
    signer: str
    titles: tuple[str, ...]
    size: float
    late_number: bool
    spaced_title: bool

    @property
    def body(self) -> Style:
        return Style(size=self.size)

    @property
    def bold(self) -> Style:
        return Style(Face.BOLD, self.size)

    @property
    def italic(self) -> Style:
        return Style(Face.ITALIC, self.size)

    def symbol(self, ending: str) -> str:
        """The number and symbol: as wished, else number/ending."""
        return self.wishes.get("number_symbol", f"{self.number}/{ending}")


def _titles(rng: random.Random, office: Office) -> tuple[str, ...]:
    """The signer's title lines; prefixes KT., TM., TUQ. as Decree 30/2020 orders."""
    if office.code == "UBND":
        plain: tuple[str, ...] = ("TM. ỦY BAN NHÂN DÂN", office.head)
        return rng.choice((plain, (f"KT. {office.head}", office.deputy)))
    return rng.choice(((office.head,), (f"KT. {office.head}", office.deputy)))


def take_order(kind: PaperKind, seed: int, subject: Subject | None, wishes: Overrides) -> Order:
    """Decide everything that the seed decides before the layout starts."""
    rng = random.Random(f"{kind}|{seed}")  # noqa: S311 - test data, not secrets
    chosen = choose_office(rng) if kind in (PaperKind.DECISION, PaperKind.LETTER) else SCIENCE
    office = wishes.get("office", chosen)
    issue_date = some_day(rng)
    number = document_number(rng)
    signer = invent_name(rng, rng.choice(("Nam", "Nam", "Nữ")))
    titles = _titles(rng, office)
    return Order(
        kind=kind,
        seed=seed,
        rng=rng,
        wishes=wishes,
        subject=subject or make_subject(_SCHEMES.get(kind, "vn:mst"), seed),
        office=office,
        issue_date=wishes.get("issue_date", issue_date),
        number=number,
        signer=wishes.get("signer", signer),
        titles=titles,
        size=rng.choice((13.0, 13.5, 14.0)),
        late_number=rng.random() < 0.3,
        spaced_title=rng.random() < 0.2,
    )
