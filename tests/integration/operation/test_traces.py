"""Traces: a collector hears of each part of a paper's way, and nothing of the paper."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from api import traces
from api.settings import Settings
from demo.papers import PaperKind
from tests.faults.service import ROOT, free_port
from tests.integration.http.office import Office, open_office
from tests.integration.http.papers import SUBJECT, scanned

NAME = "0f" * 16
FILE = "giấy phép của ông An.pdf"


class Collector:
    """An OTLP collector that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[ExportTraceServiceRequest] = []
        self.address = ""

    def spans(self) -> list[Span]:
        return [
            span for one in self.told for resource in one.resource_spans
            for scope in resource.scope_spans for span in scope.spans
        ]  # fmt: skip


@contextmanager
def collecting() -> Iterator[Collector]:
    found = Collector()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            found.told.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found.address = f"http://127.0.0.1:{server.server_port}/v1/traces"
        try:
            yield found
        finally:
            server.shutdown()


def hand_in(office: Office) -> None:
    with office.client("clerk") as clerk:
        paper = (FILE, scanned(PaperKind.LICENCE, 12))
        answer = clerk.post("/v1/documents", files={"file": paper}, headers={"X-Request-Id": NAME})
        assert answer.status_code == 201, answer.text
        assert clerk.get(f"/v1/search?q={SUBJECT.id}").status_code == 200
    office.work()


def test_a_papers_way_is_one_trace_by_the_name_of_the_call(tmp_path: Path) -> None:
    with collecting() as collector, open_office(tmp_path / "home") as office:
        settings = Settings(home=tmp_path, traces_url=collector.address)
        with traces.told(settings, "sohoa test"):
            hand_in(office)
    of_the_call = [one for one in collector.spans() if one.trace_id.hex() == NAME]
    names = {one.name for one in of_the_call}
    assert names >= {"POST /v1/documents", "job digitize", "check signatures", "read", "extract"}
    by_id = {one.span_id: one.name for one in of_the_call}
    [reading] = [one for one in of_the_call if one.name == "read"]
    assert by_id[reading.parent_span_id] == "job digitize"
    [call] = [one for one in of_the_call if one.name == "POST /v1/documents"]
    facts = {one.key: one.value for one in call.attributes}
    assert facts["http.response.status_code"].int_value == 201
    everything = "".join(map(str, collector.told))
    for secret in (FILE, SUBJECT.id, SUBJECT.name, str(tmp_path), "127.0.0.1"):
        assert secret not in everything
    assert "GET /v1/search" in {one.name for one in collector.spans()}


def test_a_collector_that_is_away_costs_its_traces_alone(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}/v1/traces"
    with open_office(tmp_path / "home") as office:
        with traces.told(Settings(home=tmp_path, traces_url=address), "sohoa test"):
            hand_in(office)
        with office.client("clerk") as clerk:
            assert clerk.get("/v1/documents").json()["items"][0]["state"] == "done"


WITHOUT_THE_LIBRARY = """
import sys
sys.modules["opentelemetry.sdk.trace"] = None
from api import traces
from api.settings import Settings
from vocabulary.errors import MissingPart
try:
    with traces.told(Settings(traces_url="http://127.0.0.1:9/"), "x"):
        pass
except MissingPart as error:
    print(error.error_code, error.en)
"""


def test_without_the_extra_it_says_what_to_install() -> None:
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_LIBRARY],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    code, _, sentence = told.partition(" ")
    assert code == "traces_extra_missing"
    assert "pip install 'sohoa[traces]'" in sentence


def test_nobody_is_told_where_no_collector_is_named(tmp_path: Path) -> None:
    quiet = traces.told(Settings(home=tmp_path), "sohoa test")
    with collecting() as collector, open_office(tmp_path / "home") as office, quiet:
        hand_in(office)
    assert collector.told == []
