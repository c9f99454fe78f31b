"""The one place where ports meet adapters."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.adapters import direct_uploads, job_queue, object_locks, object_store, search_index
from api.settings import Settings
from ingest import tasks
from ingest.bounded import Bounds, Nursery
from ingest.tools import Seal, Tools
from ocr.engines import EngineChoice
from ocr.fields import DEFAULT_THRESHOLDS
from ocr.opening import OpenLimits
from ocr.types import load_catalogue
from vocabulary.clock import Clock, SystemClock
from vocabulary.errors import MissingPart, UsageError

if TYPE_CHECKING:
    from demo.office import DemoOffice
    from ingest.file_signing import Desk
    from ingest.house import House, Office
    from repository.database import Database

VERSION: Final = version("sohoa")


@contextmanager
def open_tools(settings: Settings, *, sign: bool) -> Iterator[Tools]:
    """Tools for a laptop: no catalogue, a scratch folder of its own, removed at the end.

    Signs with the keys that the settings name; without keys nothing is signed.
    """
    clock = SystemClock()
    engine = _engine(settings)
    types = load_catalogue(settings.types_folder)
    with _nursery(engine) as nursery, tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
        seal = _seal(settings, clock) if sign else None
        if seal is not None and seal.elsewhere:
            raise UsageError(
                "Chữ ký của công chức hoặc cơ quan được ký ở nơi khác nên lệnh này không ký được. "
                "Hãy thêm --no-sign, hoặc đưa tệp vào dịch vụ.",
                "The officer's or the office's signature is made elsewhere, so this command cannot "
                "sign. Add --no-sign, or hand the files in to the service.",
            )
        yield Tools(
            nursery=nursery,
            engine=engine,
            scratch=Path(folder),
            clock=clock,
            anchors=settings.trust,
            revocation_folder=settings.revocation_folder,
            seal=seal,
            thresholds=_thresholds(settings),
            open_limits=_open_limits(settings),
            bounds=_bounds(settings),
            made_by={**_made_by(nursery, engine, seal), **types.made_by},
            types=types,
        )


@contextmanager
def file_desk(settings: Settings, *, stamps: bool) -> "Iterator[Desk]":
    """Where files of one's own are signed and looked at, without catalogue and engine.

    ``stamps``: they will be set; the font is read once for all files.
    """
    from ingest.file_signing import Desk  # heavy; before the children's mother is forked
    from signing.lettering import warm_up

    if stamps:
        warm_up()
    with Nursery() as nursery:
        yield Desk(nursery, _open_limits(settings), _bounds(settings))


@contextmanager
def open_house(settings: Settings) -> "Iterator[House]":
    """The whole house on the data folder, its catalogue brought to this version's form."""
    # Here, because a laptop tool needs no catalogue and should start quickly.
    from demo.office import demo_office
    from ingest.house import House
    from repository.database import Database

    os.umask(0o077)  # what is made from here on is for the service's own eyes
    home = settings.home.absolute()
    prepare_home(home)
    clock = SystemClock()
    engine = _engine(settings)
    types = load_catalogue(settings.types_folder)
    with ExitStack() as opened:
        nursery = opened.enter_context(_nursery(engine))  # first: what follows may start threads
        database = opened.enter_context(closing(Database(settings.catalogue_url)))
        database.migrate()
        audit_key = _secret(settings.audit_key_file or home / "keys" / "audit.key")
        _join(database, audit_key)
        demo = demo_office(home)
        seal = _seal(settings, clock, demo)
        objects = object_store(settings)
        yield House(
            office=_office(settings, demo),
            objects=objects,
            direct_uploads=direct_uploads(objects),
            locks=object_locks(objects),
            database=database,
            index=opened.enter_context(closing(search_index(settings))),
            queue=opened.enter_context(closing(job_queue(settings, database, clock))),
            nursery=nursery,
            clock=clock,
            engine=engine,
            seal=seal,
            anchors=(*settings.trust, *([demo.root] if demo else [])),
            revocation_folder=settings.revocation_folder,
            thresholds=_thresholds(settings),
            open_limits=_open_limits(settings),
            bounds=_bounds(settings),
            max_file_bytes=settings.max_file_mb * 2**20,
            cores=settings.workers,
            scratch=home / "scratch",
            webhook_hosts=frozenset(settings.webhook_hosts),
            audit_key=audit_key,
            made_by={**_made_by(nursery, engine, seal), **types.made_by},
            types=types,
            renew_within=timedelta(days=settings.renew_within_days),
            fixity_every=timedelta(days=settings.fixity_days),
            without_signing=settings.without_signing,
        )


def _join(database: "Database", audit_key: bytes) -> None:
    """This host belongs to the installation whose catalogue it opens, or is told why not."""
    from repository import installation

    with database.read() as tx:
        if installation.this(tx).state == "moved":
            return  # for reading
    with database.write() as tx:
        installation.same_secret(tx, audit_key)


def prepare_home(home: Path) -> None:
    """Make the data folder, readable by its owner alone.

    Raises:
        MissingPart: the folder cannot be made or written.
    """
    try:
        for folder in (home, home / "keys", home / "scratch"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=home) as probe:
            probe.write(b"x")
    except OSError as error:
        raise MissingPart(
            f"Không ghi được vào thư mục dữ liệu «{home}» ({error.strerror}). "
            "Hãy đặt SOHOA_HOME tới thư mục ghi được hoặc dọn chỗ trống.",
            f"The data folder {str(home)!r} cannot be written ({error.strerror}). "
            "Set SOHOA_HOME to a folder you may write, or free some space.",
        ) from error


def _office(settings: Settings, demo: "DemoOffice | None") -> "Office":
    from ingest.house import Office
    from repository.office_codes import load_codes

    name = demo.name if demo else settings.office_name
    codes = load_codes(settings.office_codes)
    return Office(name, settings.office_unit_code, demo=demo is not None, codes=codes)


def _engine(settings: Settings) -> EngineChoice:
    return EngineChoice(settings.ocr_engine, settings.tessdata)


def _nursery(engine: EngineChoice) -> Nursery:
    return Nursery((tasks.load_engine, (engine,)))


def _open_limits(settings: Settings) -> OpenLimits:
    return replace(OpenLimits(), max_pages=settings.max_pages)


def _bounds(settings: Settings) -> Bounds:
    return Bounds(
        cpu_seconds=settings.page_cpu_seconds,
        total_cpu_seconds=settings.file_cpu_seconds,
        memory_bytes=settings.memory_mb * 2**20,
    )


def _thresholds(settings: Settings) -> Mapping[str, float]:
    return {**DEFAULT_THRESHOLDS, **settings.thresholds}


def _made_by(nursery: Nursery, engine: EngineChoice, seal: Seal | None) -> dict[str, str]:
    versions = nursery.call(tasks.engine_versions, engine)
    kind = "none" if seal is None else "test authority" if seal.test else "office"
    return {"sohoa": VERSION, **versions, "seal": kind}


def _seal(settings: Settings, clock: Clock, demo: "DemoOffice | None" = None) -> Seal | None:
    from api.seals import office_seal  # a laptop that does not sign starts without cryptography

    return office_seal(settings, demo, clock)


def _secret(path: Path) -> bytes:
    """A random secret made once; later starts read the same."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(os.urandom(32))
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        pass
    return path.read_bytes()
