"""The house: every port of a running service, built in one place (api.wiring)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from ingest.bounded import Bounds, Nursery
from ingest.tools import Seal, Tools
from ocr.engines import EngineChoice
from ocr.opening import OpenLimits
from ocr.types import Catalogue, shipped_catalogue
from repository.database import Database
from repository.office_codes import OfficeCodes, load_codes
from repository.ports import DirectUploads, JobQueue, ObjectLocks, ObjectStore, SearchIndex
from vocabulary.clock import Clock


@dataclass(frozen=True, slots=True)
class Office:
    """The office whose papers these are. ``demo``: nothing here has legal value.

    ``unit_code``: its identity code on days for which ``codes`` name none.
    """

    name: str
    unit_code: str
    demo: bool
    codes: OfficeCodes = field(default_factory=load_codes)

    def unit_on(self, day: date) -> str:
        """Its identity code (mã định danh) on a day."""
        return self.codes.unit_on(day, self.unit_code)


@dataclass(frozen=True, slots=True)
class House:
    """Ports, limits and keys of one running service.

    ``audit_key``: secret for the lookup hashes of subjects in the audit log.
    ``webhook_hosts``: hosts of other systems that may be called. ``cores``: how many
    processes may work at a time. ``types``: the document types known here.
    ``direct_uploads``: where the store offers large files a door of its own.
    ``renew_within``: archival stamps are renewed so long before they end; zero: never here.
    ``locks``: where the store itself keeps objects from being removed. ``fixity_every``:
    each object is read and compared with its hash once in so long; zero: never here.
    ``without_signing``: this host may begin without keys where others sign.
    ``revocation_folder``: CRLs and chains that the administrator keeps here.
    """

    office: Office
    objects: ObjectStore
    database: Database
    index: SearchIndex
    queue: JobQueue
    nursery: Nursery
    clock: Clock
    engine: EngineChoice
    seal: Seal | None
    anchors: Sequence[Path]
    thresholds: Mapping[str, float] | None
    open_limits: OpenLimits
    bounds: Bounds
    max_file_bytes: int
    cores: int
    scratch: Path
    audit_key: bytes
    made_by: Mapping[str, str]
    webhook_hosts: frozenset[str] = frozenset()
    types: Catalogue = field(default_factory=shipped_catalogue)
    direct_uploads: DirectUploads | None = None
    revocation_folder: Path | None = None
    renew_within: timedelta = timedelta(0)
    locks: ObjectLocks | None = None
    fixity_every: timedelta = timedelta(0)
    without_signing: bool = False

    def tools(self, scratch: Path, children: int) -> Tools:
        """Tools for one file's way."""
        return Tools(
            nursery=self.nursery,
            engine=self.engine,
            scratch=scratch,
            clock=self.clock,
            anchors=self.anchors,
            revocation_folder=self.revocation_folder,
            seal=self.seal,
            thresholds=self.thresholds,
            open_limits=self.open_limits,
            bounds=self.bounds,
            children=children,
            made_by=self.made_by,
            types=self.types,
        )
