"""The object store of deploy/compose.yaml, for real: one open port, files flushed, keys hold."""

import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from minio import Minio
from minio.error import S3Error

from tests.deploy.checking import ROOT
from tests.servers import haproxy
from tests.servers.running import Server, free_ports

INSIDE, OUTSIDE = "127.0.0.1", "127.0.0.2"
"""The namespace's own loopback, and the address that others reach it at."""

WEED = Path(sys.executable).with_name("weed")


@dataclass(frozen=True)
class Store:
    """The store behind its gate; ``inner``: ports that must be closed to the outside."""

    gate: int
    inner: tuple[int, ...]
    secrets: Path
    setup: subprocess.CompletedProcess[str]
    master: str

    def client(self, secret: str | None = None) -> Minio:
        keys = ConfigParser(interpolation=None)
        keys.read(self.secrets / "s3-credentials")
        one = keys["default"]
        return Minio(
            f"{OUTSIDE}:{self.gate}", one["aws_access_key_id"],
            secret or one["aws_secret_access_key"], secure=False, region="us-east-1",
        )  # fmt: skip


@pytest.fixture(scope="module")
def store(compose: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """As compose starts them, but for the ports and folders."""
    folder = tmp_path_factory.mktemp("store")
    for name in ("data", "log"):
        (folder / name).mkdir()
    secrets = folder / "secrets"
    script = ROOT / "deploy" / "make-secrets.sh"
    subprocess.run(["sh", str(script), str(secrets), "localhost"], check=True, capture_output=True)
    gate, s3, master, volume, filer, *grpc = free_ports(9)
    services = compose["services"]
    command = [
        word.replace("=/data", f"={folder / 'data'}")
        .replace("/run/secrets", str(secrets))
        .replace("-s3.port=8334", f"-s3.port={s3}")
        for word in services["objects-store"]["command"]
    ]
    command[command.index("-master.volumeSizeLimitMB=30000")] = "-master.volumeSizeLimitMB=64"
    command += [
        f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}",
        f"-master.port.grpc={grpc[0]}", f"-volume.port.grpc={grpc[1]}",
        f"-filer.port.grpc={grpc[2]}", f"-s3.port.grpc={grpc[3]}",
    ]  # fmt: skip
    server = Server([str(WEED), *command], folder / "log" / "weed", lambda: _open(INSIDE, s3), {})
    environment = {
        "SOHOA_GATE_BIND": f"{OUTSIDE}:{gate}", "SOHOA_GATE_S3": f"{INSIDE}:{s3}",
    }  # fmt: skip
    config = ROOT / "deploy" / "proxy" / "objects-gate.cfg"
    address = f"127.0.0.1:{master}.{grpc[0]}"
    server.start()
    door = None
    try:
        door = haproxy.start(config, environment, (OUTSIDE, gate), folder / "log" / "haproxy")
        yield Store(
            gate, (s3, master, volume, filer, *grpc), secrets,
            _set_up(services["objects-setup"]["command"], address), address,
        )  # fmt: skip
    finally:
        if door is not None:
            door.stop()
        server.kill()  # it takes a quarter of a minute to say goodbye


def _open(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, port)) == 0


def _set_up(command: list[str], master: str) -> subprocess.CompletedProcess[str]:
    """The one-time step as compose runs it, tried until the store has all its parts."""
    [script] = command
    script = script.replace("127.0.0.1:9333", master)
    environment = {**os.environ, "PATH": f"{WEED.parent}:{os.environ['PATH']}"}
    deadline = time.monotonic() + 60
    while True:
        done = subprocess.run(
            ["sh", "-ec", script], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode == 0 or time.monotonic() > deadline:
            return done
        time.sleep(1)


def test_it_is_set_up_once_and_again(store: Store, compose: dict[str, Any]) -> None:
    assert store.setup.returncode == 0, store.setup.stderr
    again = _set_up(compose["services"]["objects-setup"]["command"], store.master)
    assert again.returncode == 0
    listed = subprocess.run(
        [str(WEED), "shell", f"-master={store.master}"],
        input="fs.configure\n", capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = json.loads(listed[listed.index("{") : listed.rindex("}") + 1])
    [place] = found["locations"]
    assert (place["locationPrefix"], place["fsync"]) == ("/buckets/sohoa/", True)


def test_only_the_gate_is_open(store: Store) -> None:
    assert _open(OUTSIDE, store.gate)
    open_inside = [port for port in store.inner if _open(INSIDE, port)]
    assert len(open_inside) >= 5
    assert not [port for port in store.inner if _open(OUTSIDE, port)]


def test_the_keys_open_the_one_bucket(store: Store) -> None:
    client = store.client()
    assert client.bucket_exists("sohoa")
    client.put_object("sohoa", "ab/abc", io.BytesIO(b"a paper"), 7)
    answer = client.get_object("sohoa", "ab/abc")
    assert answer.read() == b"a paper"
    answer.close()
    answer.release_conn()
    assert client.get_object_lock_config("sohoa") is not None
    with pytest.raises(S3Error, match="AccessDenied"):
        client.make_bucket("another")


def test_a_wrong_key_opens_nothing(store: Store) -> None:
    with pytest.raises(S3Error, match=r"SignatureDoesNotMatch|AccessDenied"):
        store.client("wrong").get_object("sohoa", "ab/abc")
