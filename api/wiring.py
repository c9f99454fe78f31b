"""The one place where ports meet adapters."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.adapters import job_queue, object_store, search_index
from api.settings import Settings
from ingest import tasks
from ingest.bounded import Bounds, Nursery
from ingest.tools import Seal, Tools
from ocr.engines import EngineChoice
from ocr.fields import DEFAULT_THRESHOLDS
from ocr.opening import OpenLimits
from ocr.types import load_catalogue
from signing.keys import Signer, SigningKey, common_name, is_test_certificate, load_pkcs12
from vocabulary.clock import Clock, SystemClock
from vocabulary.errors import MissingPart, SohoaError

if TYPE_CHECKING:
    from demo.office import DemoOffice
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
    with Nursery() as nursery, tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
        seal = _seal(settings, None, clock) if sign else None
        yield Tools(
            nursery=nursery,
            engine=engine,
            scratch=Path(folder),
            clock=clock,
            anchors=settings.trust,
            seal=seal,
            thresholds=_thresholds(settings),
            open_limits=_open_limits(settings),
            bounds=_bounds(settings),
            made_by={**_made_by(nursery, engine, seal), **types.made_by},
            types=types,
        )


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
    # The nursery first of all: what follows may start threads.
    with Nursery() as nursery, closing(Database(settings.catalogue_url)) as database:
        database.migrate()
        audit_key = _secret(settings.audit_key_file or home / "keys" / "audit.key")
        _join(database, audit_key)
        demo = demo_office(home)
        seal = _seal(settings, demo, clock)
        queue = job_queue(settings, database, clock)
        with closing(queue):
            yield House(
                office=_office(settings, demo),
                objects=object_store(settings),
                database=database,
                index=search_index(settings),
                queue=queue,
                nursery=nursery,
                clock=clock,
                engine=engine,
                seal=seal,
                anchors=(*settings.trust, *([demo.root] if demo else [])),
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

    name = demo.name if demo else settings.office_name
    return Office(name, settings.office_unit_code, demo=demo is not None)


def _engine(settings: Settings) -> EngineChoice:
    return EngineChoice(settings.ocr_engine, settings.tessdata)


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


def _seal(settings: Settings, demo: "DemoOffice | None", clock: Clock) -> Seal | None:
    """The office's keys; the demo's test keys only in a demo office without keys of its own."""
    if settings.signature_level != "B-B" and not settings.tsa_url:
        raise MissingPart(
            f"Mức {settings.signature_level} cần SOHOA_TSA_URL (dịch vụ cấp dấu thời gian).",
            f"Level {settings.signature_level} needs SOHOA_TSA_URL (a timestamp authority).",
        )
    roots = (*settings.trust, *([demo.root] if demo else []))
    proof: dict[str, Any] = {
        "level": settings.signature_level, "anchors": roots,
        "tsa_url": settings.tsa_url if settings.signature_level != "B-B" else None,
    }  # fmt: skip
    officer = _signer(
        settings, settings.officer_token, settings.officer_key, settings.officer_passphrase_file
    )
    organisation = _signer(
        settings,
        settings.organisation_token,
        settings.organisation_key,
        settings.organisation_passphrase_file,
    )
    if officer and organisation:
        return Seal(
            officer=officer,
            organisation=organisation,
            officer_name=settings.officer_name or _name_of(officer),
            organisation_name=settings.office_name,
            copy_form=settings.copy_form,
            clock=clock,
            test=any(
                is_test_certificate(one.certificate)
                for one in (officer, organisation)
                if isinstance(one, SigningKey)  # certify looks at tokens' when it signs
            ),
            **proof,
        )
    if officer or organisation:
        raise MissingPart(
            "Cần cả hai khóa ký: SOHOA_OFFICER_KEY (hoặc _TOKEN) và SOHOA_ORGANISATION_KEY "
            "(hoặc _TOKEN).",
            "Both keys are needed: SOHOA_OFFICER_KEY (or _TOKEN) and SOHOA_ORGANISATION_KEY "
            "(or _TOKEN).",
        )
    if demo is None:
        return None
    return Seal(
        officer=load_pkcs12(demo.officer_key, demo.passphrase),
        organisation=load_pkcs12(demo.organisation_key, demo.passphrase),
        officer_name=demo.officer_name,
        organisation_name=demo.name,
        copy_form=settings.copy_form,
        clock=clock,
        test=True,
        **proof,
    )


def _signer(
    settings: Settings, token: str | None, path: Path | None, passphrase_file: Path | None
) -> Signer | None:
    """The key in a token where one is named, else that of a PKCS#12 file."""
    if token is None:
        return _key(path, passphrase_file)
    if settings.pkcs11_module is None or passphrase_file is None:
        raise MissingPart(
            "Khóa trong token cần SOHOA_PKCS11_MODULE và tệp mã PIN (…_PASSPHRASE_FILE).",
            "A key in a token needs SOHOA_PKCS11_MODULE and a file with its PIN "
            "(…_PASSPHRASE_FILE).",
        )
    from signing.held_tokens import HeldToken  # few offices need the library
    from signing.tokens import TokenPlace

    label, _, key = token.partition("/")
    return HeldToken(TokenPlace(settings.pkcs11_module, label, key or None), passphrase_file)


def _name_of(signer: Signer) -> str:
    """The name in the certificate; none while a token is away."""
    try:
        return common_name(signer.certificate)
    except SohoaError:
        return ""


def _key(path: Path | None, passphrase_file: Path | None) -> SigningKey | None:
    if path is None:
        return None
    passphrase = "" if passphrase_file is None else passphrase_file.read_text("utf-8").strip()
    return load_pkcs12(path, passphrase)


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
