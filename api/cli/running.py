"""Commands that keep running: the service, the workers, the demo."""

import contextlib
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli.output import say
from vocabulary.errors import MissingPart

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.worker import Worker

LOG: Final = logging.getLogger("sohoa.serve")


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the tree."""
    from api.cli import demo

    app.command()(serve)
    app.command()(worker)
    demo.add_to(app)


def serve(
    host: Annotated[str, typer.Option(help="Địa chỉ nghe · address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng · port")] = 8000,
    workers: Annotated[
        int | None, typer.Option(help="Số tệp xử lý cùng lúc, 0 = không · files at a time")
    ] = None,
) -> None:
    """Chạy dịch vụ: trang web, API và bộ xử lý · serve pages, API and workers."""
    import uvicorn

    from api import logs, traces
    from api.http.app import make_app
    from api.settings import load_settings
    from api.wiring import open_house
    from ingest.starting import must_fit

    settings = load_settings()
    logs.start(settings)
    listener = _listen(host, port)
    concurrency = settings.workers if workers is None else workers
    # The server ends well on SIGTERM and then raises it anew: the worker must still be told.
    signal.signal(signal.SIGTERM, _leave)
    with open_house(settings) as house, traces.told(settings, "sohoa service"):
        must_fit(house)
        app = make_app(house, settings)
        gc.collect()
        gc.freeze()  # what is loaded stays: to look through it for garbage takes time of callers
        with _workers(concurrency):
            say(f"sohoa: http://{host}:{listener.getsockname()[1]}")
            say("Dừng bằng Ctrl-C · stop with Ctrl-C")
            config = uvicorn.Config(
                app, log_level="warning", access_log=False, server_header=False,
                timeout_graceful_shutdown=5, log_config=None,
            )  # fmt: skip
            uvicorn.Server(config).run(sockets=[listener])


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is opened, so that a taken one is one clear sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's delay of 40 ms on every answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise MissingPart(
            f"Không mở được {host}:{port} ({error.strerror}). "
            "Hãy dừng chương trình đang dùng cổng này hoặc chọn cổng khác: --port 8001.",
            f"{host}:{port} cannot be opened ({error.strerror}). "
            "Stop what uses this port or choose another one: --port 8001.",
            code="port_in_use",
        ) from error
    listener.set_inheritable(False)
    return listener


class _workers:  # noqa: N801 - used as a context manager, like a function
    """A worker process beside the service, started again when it dies, ended with it."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()

    def __enter__(self) -> None:
        if self._concurrency:
            self._start()
            threading.Thread(target=self._watch, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()  # its pages are checkpointed: nothing is lost
                process.wait()

    def _start(self) -> None:
        # The worker reads its stdin: when the service dies by whatever hand, the pipe
        # closes and the worker ends, too.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [
                sys.executable, "-m", "api.cli", "worker",
                "--concurrency", str(self._concurrency), "--with-parent",
            ],
            stdin=subprocess.PIPE,
        )  # fmt: skip

    def _watch(self) -> None:
        while not self._ending.is_set():
            assert self._process is not None
            self._process.wait()
            if not self._ending.wait(0.3):
                LOG.warning("worker restarted")
                self._start()


def worker(
    concurrency: Annotated[int, typer.Option(min=0, help="Số tệp cùng lúc · files at a time")] = 0,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="Hết việc thì dừng · end when idle")
    ] = False,
    metrics_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Cổng số liệu Prometheus · port of its own figures"),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(help="Địa chỉ của cổng số liệu · address of that port")
    ] = "127.0.0.1",
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Chạy bộ xử lý riêng · run workers of their own."""
    from api import logs, traces
    from api.settings import load_settings
    from api.wiring import open_house
    from ingest.starting import must_fit
    from ingest.worker import Worker

    if with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    settings = load_settings()
    logs.start(settings, troubles_only=until_idle)
    with open_house(settings) as house, traces.told(settings, "sohoa worker"):
        must_fit(house)
        crew = Worker(house, concurrency or settings.workers)
        told: list[int] = []

        def stop(number: int, _frame: Any) -> None:
            told.append(number)
            crew.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        with _figures(crew, metrics_host, metrics_port, settings.metrics_token_file):
            crew.run(until_idle=until_idle)
    if signal.SIGINT in told and not with_parent:
        raise KeyboardInterrupt


@contextlib.contextmanager
def _figures(
    crew: "Worker", host: str, port: int | None, token_file: "Path | None"
) -> Iterator[None]:
    """The worker's own /metrics and /healthz, where a port was asked for."""
    if port is None:
        yield
        return
    from api.worker_figures import serve_figures

    with serve_figures(crew, _listen(host, port), host, token_file) as place:
        say(f"sohoa worker: {place}/metrics")
        yield


def _end_with_parent() -> None:
    """End at once when stdin closes: the next worker takes over from the checkpoints."""
    while os.read(0, 1024):
        time.sleep(0.1)
    os._exit(0)
