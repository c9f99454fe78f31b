"""The one place where ports meet adapters."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from api.adapters import direct_uploads, job_queue, object_locks, object_store, search_index
from api.settings import Settings
from ingest import tasks
from ingest.bounded import Bounds, Nursery
from ingest.tools import Seal, Tools
from ocr.engines import EngineChoice
from ocr.fields import DEFAULT_THRESHOLDS
from ocr.opening import OpenLimits
from ocr.types import load_catalogue
from signing.awaited import is_elsewhere
from signing.keys import Signer, SigningKey, common_name, is_test_certificate, load_pkcs12
from vocabulary.clock import Clock, SystemClock
from vocabulary.errors import MissingPart, SohoaError, UsageError

if TYPE_CHECKING:
    from demo.office import DemoOffice
    from ingest.file_signing import Desk
    from ingest.house import House, Office
    from repository.database import Database
    from signing.awaited import Elsewhere

Role = Literal["officer", "organisation"]
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
        seal = _seal(settings, None, clock) if sign else None
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
        seal = _seal(settings, demo, clock)
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


def _seal(settings: Settings, demo: "DemoOffice | None", clock: Clock) -> Seal | None:
    """The office's keys; the demo's test keys only in a demo office without keys of its own."""
    if settings.signature_level != "B-B" and not settings.tsa_url:
        raise MissingPart(
            f"Mức {settings.signature_level} cần SOHOA_TSA_URL (dịch vụ cấp dấu thời gian).",
            f"Level {settings.signature_level} needs SOHOA_TSA_URL (a timestamp authority).",
        )
    officer, organisation = (
        signer_named(settings, "officer"),
        signer_named(settings, "organisation"),
    )
    if officer and organisation:
        return Seal(
            officer=officer,
            organisation=cast(Signer, organisation),  # a remote one signs at once, too
            officer_name=settings.officer_name or _name_of(officer),
            organisation_name=settings.office_name,
            copy_form=settings.copy_form,
            clock=clock,
            test=any(
                is_test_certificate(one.certificate)
                for one in (officer, organisation)
                if isinstance(one, SigningKey)  # certify looks at the others' when they sign
            ),
            **_proof(settings, demo),
        )
    if officer or organisation:
        raise MissingPart(
            "Cần cả hai khóa ký: của công chức (SOHOA_OFFICER_KEY, _TOKEN, _CREDENTIAL hoặc "
            "_CERTIFICATES) và của cơ quan (SOHOA_ORGANISATION_KEY, _TOKEN hoặc _CREDENTIAL).",
            "Both keys are needed: the officer's (SOHOA_OFFICER_KEY, _TOKEN, _CREDENTIAL or "
            "_CERTIFICATES) and the office's (SOHOA_ORGANISATION_KEY, _TOKEN or _CREDENTIAL).",
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
        **_proof(settings, demo),
    )


def _proof(settings: Settings, demo: "DemoOffice | None") -> dict[str, Any]:
    """How long the signatures of a seal must be provable, and with what."""
    from signing.revocation import Revocation  # heavy, and only where something is sealed
    from signing.stamp_texts import load_wordings

    return {
        "level": settings.signature_level,
        "anchors": (*settings.trust, *([demo.root] if demo else [])),
        "revocation": Revocation(settings.revocation_folder, settings.revocation_online),
        "tsa_url": settings.tsa_url if settings.signature_level != "B-B" else None,
        "authority_url": settings.tsa_url,
        "wordings": load_wordings(settings.stamp_texts),
    }


def signer_named(settings: Settings, role: Role) -> "Signer | Elsewhere | None":
    """At own computers, at a signing service, in a token, or in a PKCS#12 file: as named first."""
    secret: Path | None = getattr(settings, f"{role}_passphrase_file")
    credential: str | None = getattr(settings, f"{role}_credential")
    token: str | None = getattr(settings, f"{role}_token")
    if role == "officer" and settings.officer_certificates:
        from signing.awaited import OwnComputers

        return OwnComputers(settings.officer_certificates)
    if credential is not None:
        return _remote(settings, role, credential, secret)
    if token is not None:
        return _token(settings, token, secret)
    return _key(getattr(settings, f"{role}_key"), secret)


def _remote(settings: Settings, role: Role, credential: str, pin: Path | None) -> "Elsewhere":
    from signing.remote_signer import RemoteAccess, RemoteSigner  # few offices need the library

    if settings.remote_signing_url is None or pin is None:
        raise MissingPart(
            "Khóa ký từ xa cần SOHOA_REMOTE_SIGNING_URL và tệp mã PIN (…_PASSPHRASE_FILE).",
            "A remote key needs SOHOA_REMOTE_SIGNING_URL and a file with its PIN "
            "(…_PASSPHRASE_FILE).",
        )
    return RemoteSigner(
        RemoteAccess(
            url=settings.remote_signing_url,
            credential=credential,
            pin_file=pin,
            token_file=settings.remote_signing_token_file,
            client_id=settings.remote_signing_client_id,
            client_secret_file=settings.remote_signing_client_secret_file,
            otp_file=getattr(settings, f"{role}_otp_file"),
        )
    )


def _token(settings: Settings, token: str, pin: Path | None) -> Signer:
    if settings.pkcs11_module is None or pin is None:
        raise MissingPart(
            "Khóa trong token cần SOHOA_PKCS11_MODULE và tệp mã PIN (…_PASSPHRASE_FILE).",
            "A key in a token needs SOHOA_PKCS11_MODULE and a file with its PIN "
            "(…_PASSPHRASE_FILE).",
        )
    from signing.held_tokens import HeldToken  # few offices need the library
    from signing.tokens import TokenPlace

    label, _, key = token.partition("/")
    return HeldToken(TokenPlace(settings.pkcs11_module, label, key or None), pin)


def _name_of(signer: "Signer | Elsewhere") -> str:
    """The name in the certificate; none while a token is away or others sign elsewhere."""
    if is_elsewhere(signer):
        return ""
    try:
        return common_name(cast(Signer, signer).certificate)
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
