"""The one settings model: read once, passed in, never imported as a global.

Sources, strongest first: the environment (``SOHOA_…``), the TOML file
``SOHOA_HOME/sohoa.toml`` (or the one ``SOHOA_CONFIG`` names), the defaults here.
``sohoa settings`` prints each with its meaning and where its value comes from.
"""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from vocabulary.errors import MissingPart, UsageError


class Settings(BaseSettings):
    """Everything an office may set. Secrets are read from files, never kept here."""

    model_config = SettingsConfigDict(
        env_prefix="SOHOA_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(Path("data"), description="Data folder: catalogue, objects, index, keys.")
    audit_key_file: Path | None = Field(
        None,
        description="Secret behind names in the audit log; default HOME/keys/audit.key. "
        "The same file on every host.",
    )
    database_url: str | None = Field(
        None, description="Catalogue; default sqlite:///HOME/sohoa.db."
    )
    database_password_file: Path | None = Field(
        None, description="File with the password of the catalogue's server."
    )
    jobs: Literal["database", "procrastinate"] = Field(
        "database",
        description="Queue: a table of the catalogue, or procrastinate on PostgreSQL.",
    )
    objects_url: str | None = Field(None, description="Object store; default file:///HOME/objects.")
    s3_credentials_file: Path | None = Field(
        None, description="File (mode 0600) with the keys of an S3 object store."
    )
    search_url: str | None = Field(None, description="Search index; default tantivy:///HOME/index.")
    search_api_key_file: Path | None = Field(
        None, description="File with the API key for an Elasticsearch server."
    )
    search_user: str = Field("", description="Account at an Elasticsearch server without API key.")
    search_password_file: Path | None = Field(None, description="File with its password.")

    office_name: str = Field(
        "Sở Khoa học và Công nghệ", description="Organisation that certifies copies (tên cơ quan)."
    )
    office_unit_code: str = Field(
        "000.00.00.H31", description="Identity code of the office (mã định danh), in dossier codes."
    )
    office_codes: Path | None = Field(
        None,
        description="TOML file with the office's own codes by date: bodies, provinces, papers.",
    )
    copy_form: str = Field(
        "Sao y", description="Form of copy in the organisation's signature (hình thức sao)."
    )
    stamp_texts: Path | None = Field(
        None, description="TOML file with the office's own texts of visible signatures, by date."
    )
    officer_name: str = Field("", description="Name in the officer's signature when none is known.")

    officer_key: Path | None = Field(None, description="PKCS#12 file of the officer's key.")
    officer_passphrase_file: Path | None = Field(None, description="File with its passphrase.")
    organisation_key: Path | None = Field(None, description="PKCS#12 file of the office's key.")
    organisation_passphrase_file: Path | None = Field(None, description="File with its passphrase.")
    pkcs11_module: Path | None = Field(
        None, description="PKCS#11 library of USB tokens or an HSM, for keys that live there."
    )
    officer_token: str | None = Field(
        None, description="Token and key of the officer: LABEL or LABEL/KEY; PIN: passphrase file."
    )
    organisation_token: str | None = Field(
        None, description="Token and key of the office: LABEL or LABEL/KEY; PIN: passphrase file."
    )
    officer_certificates: tuple[Path, ...] = Field(
        (), description="PEM files of officers who sign at their own computers, ACCOUNT.pem each."
    )
    remote_signing_url: str | None = Field(
        None, description="Signing service (Cloud Signature Consortium API 2), with its version."
    )
    remote_signing_token_file: Path | None = Field(
        None, description="File with the office's access token for it."
    )
    remote_signing_client_id: str | None = Field(
        None, description="Or the client that gets such a token from it."
    )
    remote_signing_client_secret_file: Path | None = Field(
        None, description="File with that client's secret."
    )
    officer_credential: str | None = Field(
        None, description="The officer's key at the signing service; PIN: passphrase file."
    )
    organisation_credential: str | None = Field(
        None, description="The office's key at the signing service; PIN: passphrase file."
    )
    officer_otp_file: Path | None = Field(
        None, description="File for the officer's one-time code, where the service asks for one."
    )
    organisation_otp_file: Path | None = Field(
        None, description="File for the office's one-time code, where the service asks for one."
    )
    signature_level: Literal["B-B", "B-T", "B-LT", "B-LTA"] = Field(
        "B-B", description="PAdES level of both signatures; from B-T on it needs SOHOA_TSA_URL."
    )
    without_signing: bool = Field(
        False,
        description="This host has no keys on purpose, where others sign: its papers end unsigned.",
    )
    tsa_url: str | None = Field(None, description="Time stamping authority (RFC 3161).")
    trust: tuple[Path, ...] = Field((), description="PEM files of trusted roots for signatures.")

    revocation_folder: Path | None = Field(
        None, description="Folder of CRLs, OCSP answers and chains that an administrator fills."
    )
    renew_within_days: int = Field(
        180, ge=0, description="Archival stamps are renewed so many days before they end; 0: never."
    )
    fixity_days: int = Field(
        90,
        ge=0,
        description="Each stored object is read and compared in so many days; 0: never.",
    )
    revocation_online: bool = Field(
        True, description="Whether CRLs and OCSP may be asked for when B-LT, B-LTA are signed."
    )

    ocr_engine: Literal["auto", "own", "tesserocr", "pytesseract"] = Field(
        "auto", description="Recognition engine (bộ nhận dạng)."
    )
    tessdata: Path | None = Field(None, description="Folder of tesseract's language models.")
    thresholds: dict[str, float] = Field(
        default_factory=dict, description="Review threshold (0..1) per field, over the defaults."
    )

    types: Path | None = Field(
        None, description="Folder of the office's own document types; default HOME/types."
    )

    max_file_mb: int = Field(512, ge=1, description="Largest file accepted, in MiB.")
    max_pages: int = Field(5000, ge=1, description="Most pages of one file.")
    page_cpu_seconds: int = Field(30, ge=5, description="Processor seconds for one page.")
    file_cpu_seconds: int = Field(
        58, ge=10, description="Processor seconds for one short file; long ones get 3 s a page."
    )
    memory_mb: int = Field(1200, ge=300, description="Memory for reading one file, in MiB.")
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="Files worked on at a time."
    )
    lease_seconds: int = Field(60, ge=10, description="How long a silent worker keeps its job.")

    webhook_hosts: tuple[str, ...] = Field(
        (), description="Hosts of other systems that may be told of papers (webhooks)."
    )
    session_hours: int = Field(12, ge=1, description="Hours until a person must log in again.")
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Address people reach the service at."
    )

    traces_url: str | None = Field(
        None,
        description="Collector of traces (OTLP over HTTP), such as http://host:4318/v1/traces.",
    )
    traces_share: float = Field(
        1.0, gt=0, le=1, description="Share of calls and jobs that are traced (0..1)."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="Lines on stderr: json, text; auto: text on a terminal, else json."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is told on stderr; debug may tell what papers say."
    )
    metrics_token_file: Path | None = Field(
        None, description="File with the bearer token that Prometheus shows at /metrics."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment above file above defaults; no .env files, no secret folders."""
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, toml_file=config_file())
        return init_settings, env_settings, toml

    @property
    def catalogue_url(self) -> str:
        """SQLAlchemy URL of the catalogue, with the password of the file that holds it."""
        url = self.database_url or f"sqlite:///{self.home.absolute() / 'sohoa.db'}"
        if self.database_password_file is None:
            return url
        from sqlalchemy import make_url  # laptop tools start without it

        password = read_secret(self.database_password_file, "SOHOA_DATABASE_PASSWORD_FILE")
        return make_url(url).set(password=password).render_as_string(hide_password=False)

    @property
    def objects_folder(self) -> Path:
        """Folder of the embedded object store."""
        return self._folder(self.objects_url, "file://", "objects")

    @property
    def index_folder(self) -> Path:
        """Folder of the embedded search index."""
        return self._folder(self.search_url, "tantivy://", "index")

    @property
    def types_folder(self) -> Path:
        """Folder of the office's own document types; it need not be there."""
        return self.types or self.home.absolute() / "types"

    def _folder(self, url: str | None, scheme: str, default: str) -> Path:
        if url is None:
            return self.home.absolute() / default
        if not url.startswith(scheme):
            raise UsageError(
                f"Chưa hỗ trợ địa chỉ «{url}»; hãy dùng {scheme}/đường/dẫn.",
                f"The address {url!r} is not supported; use {scheme}/path.",
            )
        return Path(url.removeprefix(scheme))


def read_secret(path: Path, setting: str) -> str:
    """The secret in a file, without the line's end.

    Raises:
        MissingPart: the file cannot be read.
    """
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise MissingPart(
            f"Không đọc được tệp «{path}» mà {setting} chỉ tới ({error.strerror}). Hãy kiểm tra "
            "đường dẫn và quyền đọc.",
            f"The file {str(path)!r} that {setting} names cannot be read ({error.strerror}). "
            "Check the path and the right to read it.",
        ) from error


def config_file() -> Path:
    """The TOML file that is read: ``SOHOA_CONFIG``, else ``SOHOA_HOME/sohoa.toml``."""
    named = os.environ.get("SOHOA_CONFIG")
    return Path(named) if named else Path(os.environ.get("SOHOA_HOME", "data")) / "sohoa.toml"


def load_settings() -> Settings:
    """Settings from environment and file.

    Raises:
        UsageError: naming each setting that does not fit.
    """
    return _fitting(Settings)


class _OfOneFile(Settings):
    """Settings of another installation: the environment speaks of this one."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, and the defaults."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def load_settings_from(path: Path) -> Settings:
    """Settings of another installation from its file alone.

    Raises:
        UsageError: naming each setting that does not fit.
    """
    return _fitting(lambda: _OfOneFile(**tomllib.loads(path.read_text("utf-8"))))


def _agreeing(settings: Settings) -> Settings:
    """Settings that fit one by one and together."""
    url = settings.database_url or ""
    if settings.jobs == "procrastinate" and not url.startswith("postgresql"):
        raise UsageError(
            "SOHOA_JOBS=procrastinate cần cơ sở dữ liệu PostgreSQL: đặt SOHOA_DATABASE_URL, "
            "hoặc bỏ SOHOA_JOBS.",
            "SOHOA_JOBS=procrastinate needs PostgreSQL: set SOHOA_DATABASE_URL, or leave "
            "SOHOA_JOBS out.",
        )
    return settings


def _fitting(make: Callable[[], Settings]) -> Settings:
    try:
        return _agreeing(make())
    except (SettingsError, TOMLDecodeError) as error:
        raise UsageError(f"Thiết lập sai: {error}", f"Wrong settings: {error}") from None
    except ValidationError as error:
        wrong = "; ".join(
            f"SOHOA_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors()
        )
        raise UsageError(f"Thiết lập sai: {wrong}", f"Wrong settings: {wrong}") from None
