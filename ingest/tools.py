"""What the steps of the pipeline work with, and what they work on at first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.archive import UnpackLimits
from ingest.bounded import Bounds, Nursery
from ocr.compose import ComposeInfo
from ocr.engines import EngineChoice
from ocr.opening import OpenLimits
from ocr.types import Catalogue, TypedReading, read_typed, shipped_catalogue
from vocabulary.clock import Clock
from vocabulary.papers import Box, Fields, PageReading
from vocabulary.signers import SignerRole

if TYPE_CHECKING:  # a laptop that does not sign starts without cryptography
    from signing.awaited import Elsewhere
    from signing.certify import CertifyOrder
    from signing.keys import Signer
    from signing.revocation import Revocation
    from signing.sign import Level, Strength
    from signing.stamp_texts import Wordings


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it was handed in, safe on disk.

    ``given`` are fields that a person declared, ``type_known`` whether they said
    what the paper is, and ``type`` what they said; ``declared_pages`` what they counted;
    ``received_at`` stands for the time of scanning in the officer's signature;
    ``accounts`` have worked on the paper, who vouches for it first.
    """

    name: str
    path: Path
    sha256: str
    bytes: int
    received_at: datetime
    declared_pages: int | None = None
    given: Fields = field(default_factory=dict)
    type_known: bool = False
    type: str | None = None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """The keys that certify a digitised paper and the names that stand beside them.

    The officer may be one who signs elsewhere (:mod:`signing.awaited`); so may the
    organisation, whose remote service also answers at once, for receipts.
    ``test``: keys of the demo's own authority; every stamp says so. ``level`` is a PAdES
    baseline level; from B-T on it takes ``tsa_url``, from B-LT on ``anchors``.
    ``wordings``: texts of the stamps; the shipped ones by default.
    ``authority_url``: the authority that archival stamps are renewed with, at any level.
    """

    officer: "Signer | Elsewhere"
    organisation: "Signer"
    officer_name: str
    organisation_name: str
    copy_form: str
    clock: Clock
    test: bool
    level: "Level" = "B-B"
    tsa_url: str | None = None
    anchors: tuple[Path, ...] = ()
    revocation: "Revocation | None" = None
    authority_url: str | None = None
    wordings: "Wordings | None" = None

    @property
    def elsewhere(self) -> bool:
        """Whether a signature is made elsewhere and awaited (:mod:`ingest.turns`)."""
        return self.awaits("officer") or self.awaits("organisation")

    def awaits(self, role: SignerRole) -> bool:
        """Whether the signature of this turn is made elsewhere."""
        from signing.awaited import is_elsewhere

        return is_elsewhere(self.signer(role))

    def signer(self, role: SignerRole) -> Any:
        """Who signs in this turn."""
        return self.officer if role == "officer" else self.organisation

    def present(self, signer: Any, accounts: Sequence[str]) -> "Signer":
        """The signer, or the certificate of one who is elsewhere."""
        from signing.awaited import is_elsewhere

        found: Signer = signer.awaited(accounts) if is_elsewhere(signer) else signer
        return found

    def certify(self, pdf: Path, out: Path, received: Received, avoid: Sequence[Box]) -> None:
        """Write ``pdf`` with both signatures to ``out``; the stamps keep off ``avoid``.

        Not for signers that are elsewhere.
        """
        from signing.certify import certify  # heavy, and not every run signs

        officer = self.present(self.officer, ())
        organisation = self.present(self.organisation, ())
        certify(pdf, out, self.order(received, avoid, officer, organisation))

    def order(
        self, received: Received, avoid: Sequence[Box], officer: "Signer", organisation: "Signer"
    ) -> "CertifyOrder":
        """What is signed by whom, as of now."""
        from signing.certify import CertifyOrder
        from signing.keys import common_name
        from signing.revocation import Revocation
        from signing.stamp_texts import load_wordings

        now = self.clock.now()
        return CertifyOrder(
            texts=(self.wordings or load_wordings()).on(now),
            officer=officer,
            organisation=organisation,
            officer_name=self.officer_name or common_name(officer.certificate),
            organisation_name=self.organisation_name,
            copy_form=self.copy_form,
            scanned_at=received.received_at,
            signed_at=now,
            test=self.test,
            level=self.level,
            tsa_url=self.tsa_url,
            anchors=self.anchors,
            revocation=self.revocation or Revocation(),
            avoid=tuple(avoid),
        )

    def strength(self) -> "Strength":
        """How long the signatures must be provable."""
        from signing.revocation import Revocation
        from signing.sign import Strength

        proof = self.revocation or Revocation()
        return Strength(self.level, self.tsa_url, self.anchors, proof)


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything the steps use; ``scratch`` is a folder of this one file's own.

    ``children`` is how many processes may read pages of this file at a time.
    """

    nursery: Nursery
    engine: EngineChoice
    scratch: Path
    clock: Clock
    anchors: Sequence[Path] = ()
    revocation_folder: Path | None = None
    seal: Seal | None = None
    thresholds: Mapping[str, float] | None = None
    open_limits: OpenLimits = field(default_factory=OpenLimits)
    unpack_limits: UnpackLimits = field(default_factory=UnpackLimits)
    bounds: Bounds = field(default_factory=Bounds)
    children: int = 1
    made_by: Mapping[str, str] = field(default_factory=dict)
    types: Catalogue = field(default_factory=shipped_catalogue)

    def read_typed(self, pages: Sequence[PageReading], declared: str | None) -> TypedReading:
        """Type and fields of the pages, by the rules of Decree 30/2020 and of the type."""
        return read_typed(pages, self.types, self.thresholds, declared)

    def compose_info(self, received: Received, fields: Fields) -> ComposeInfo:
        """Title and provenance that stand in the archival file."""
        subject = fields.get("subject") or fields.get("number_symbol")
        title = subject.value if subject and isinstance(subject.value, str) else received.name
        return ComposeInfo(
            title=title,
            created=received.received_at,
            source_name=received.name,
            source_sha256=received.sha256,
            made_by=dict(self.made_by),
        )
