"""Figures for Prometheus: what this process counts, and what it reads of the catalogue.

Each app has a registry of its own. Labels are bounded (route templates, states, reasons,
engines) and never name a person, a paper or an id. Families read of the catalogue are the
same on every host that serves it: take their ``max``, not their ``sum``.
"""

import logging
import platform
import shutil
import threading
import time
from collections import Counter as Counted
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from ingest import crew as counted
from ingest import outbox
from ingest.crew import Tally
from ingest.house import House
from ingest.readiness import Readiness
from repository import workers, workload
from repository.keeping import fixity
from repository.workload import Kept
from vocabulary.errors import SohoaError

LOG: Final = logging.getLogger("sohoa.metrics")
MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SURVEY_EVERY_S: Final = 900.0
_SURVEY_PATIENCE_S: Final = 1.0
_STATE_VALUE: Final = {"ok": 1.0, "degraded": 0.5, "down": 0.0}
UNMATCHED: Final = "unmatched"

# A second series for every counter, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Meters:
    """What the HTTP face of one process counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "sohoa_http_requests", "Answered HTTP requests.",
            ("method", "route", "status"), registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "sohoa_http_request_seconds", "From the request's head to the end of the answer.",
            ("method", "route"), registry=self.registry, buckets=_SECONDS,
        )  # fmt: skip
        self.search = Histogram(
            "sohoa_search_seconds", "Time of the search index for one question.",
            registry=self.registry, buckets=_SECONDS,
        )  # fmt: skip
        self.search_failures = Counter(
            "sohoa_search_failures", "Questions that the search index did not answer.",
            registry=self.registry,
        )  # fmt: skip
        self._once_only = Counter(
            "sohoa_once_only_answers", "Answers of the once-only check, a component each.",
            ("answer",), registry=self.registry,
        )  # fmt: skip
        self._evidence = Counter(
            "sohoa_evidence_requests", "Requests of other systems for evidence.",
            ("outcome",), registry=self.registry,
        )  # fmt: skip
        build = Info("sohoa_build", "What is running.", registry=self.registry)
        build.info({"version": version("sohoa"), "python": platform.python_version()})
        ProcessCollector(registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; ``route`` is a template, never an address that was asked."""
        known = method if method in _METHODS else "OTHER"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def once_only(self, answers: Iterable[str]) -> None:
        """The once-only check answered: held, partly, must_request."""
        for answer in answers:
            self._once_only.labels(answer).inc()

    def evidence(self, outcome: str) -> None:
        """A request for evidence was delivered, replayed, or refused with this code."""
        self._evidence.labels(outcome).inc()

    def watch(self, house: House, readiness: Readiness) -> None:
        """Let the figures of the catalogue stand beside those of this process."""
        self.registry.register(HouseCollector(house, readiness))

    def text(self) -> bytes:
        """All families in the text format of Prometheus."""
        return generate_latest(self.registry)


def worker_registry(tally: Tally, slots: int) -> CollectorRegistry:
    """The figures of one worker process, for ``sohoa worker --metrics-port``."""
    registry = CollectorRegistry()
    registry.register(_WorkerCollector(tally, slots))
    ProcessCollector(registry=registry)
    return registry


class _WorkerCollector(Collector):
    """One worker's own counts; those of all workers together stand at the service."""

    def __init__(self, tally: Tally, slots: int) -> None:
        self._tally = tally
        self._slots = slots

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        busy = self._tally.busy
        yield _gauge("sohoa_worker_slots", "Files this worker can work on.", "state", {
            "busy": busy, "idle": max(0, self._slots - busy)
        })  # fmt: skip
        yield from _work(self._tally.totals(), "sohoa_worker_")


class HouseCollector(Collector):
    """Reads the catalogue when asked; what costs the whole of it is read every 15 minutes."""

    def __init__(self, house: House, readiness: Readiness) -> None:
        self._house = house
        self._readiness = readiness
        self._survey = Survey(lambda: _kept(house))

    def describe(self) -> list[Metric]:
        """Nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        failed: dict[str, float] = {}
        for name, read in (
            ("queue", self._queue),
            ("catalogue", self._catalogue),
            ("disk", self._disk),
            ("parts", self._parts),
            ("fixity", self._fixity),
            ("survey", self._surveyed),
        ):
            try:
                found = list(read())
            except (SohoaError, OSError) as error:
                LOG.warning("figures not read", extra={"figures": name}, exc_info=error)
                failed[name] = 1
                continue
            failed[name] = 0
            yield from found
        yield _gauge("sohoa_scrape_failed", "Figures that could not be read.", "figures", failed)

    def _queue(self) -> Iterator[Metric]:
        now = self._house.clock.now()
        found = self._house.queue.figures()
        open_jobs = GaugeMetricFamily(
            "sohoa_jobs", "Open jobs: waiting, running, failed.", labels=("kind", "state")
        )
        for (kind, state), number in sorted(found.jobs.items()):
            open_jobs.add_metric((kind, state), number)
        yield open_jobs
        kinds = {kind for kind, _ in found.jobs} | set(found.oldest)
        yield _gauge(
            "sohoa_oldest_job_age_seconds", "How long the job due longest has been due.", "kind",
            {kind: _age(found.oldest.get(kind), now) for kind in kinds},
        )  # fmt: skip
        yield _gauge(
            "sohoa_jobs_paused", "Kinds of work that are held up.", "kind",
            dict.fromkeys(found.paused, 1),
        )  # fmt: skip
        unseen = [found.jobs.get((outbox.JOB, state), 0) for state in ("waiting", "running")]
        yield _gauge("sohoa_outbox_depth", "Changes search has not seen.", "", {"": sum(unseen)})

    def _catalogue(self) -> Iterator[Metric]:
        now = self._house.clock.now()
        with self._house.database.read() as tx:
            crew = workers.crew(tx, now)
            on_the_way = workload.open_documents(tx)
        yield _gauge("sohoa_workers", "Worker processes seen lately.", "", {"": crew.processes})
        yield _gauge("sohoa_worker_slots_all", "Files all workers can work on.", "state", {
            "busy": crew.busy, "idle": max(0, crew.slots - crew.busy)
        })  # fmt: skip
        yield from _work(crew.totals, "sohoa_")
        yield _gauge(
            "sohoa_open_documents", "Documents not done, by state.", "state", on_the_way.by_state
        )
        yield _gauge(
            "sohoa_stopped_documents", "Stopped documents, by reason.", "reason", on_the_way.stopped
        )

    def _disk(self) -> Iterator[Metric]:
        free = shutil.disk_usage(self._house.scratch).free
        yield _gauge("sohoa_disk_free_bytes", "Free for files in work.", "", {"": free})

    def _parts(self) -> Iterator[Metric]:
        yield _gauge("sohoa_part_state", "1 works, 0.5 degraded, 0 down.", "part", {
            part.name: _STATE_VALUE[part.state] for part in self._readiness.parts()
        })  # fmt: skip

    def _fixity(self) -> Iterator[Metric]:
        with self._house.database.read() as tx:
            found = Counted(one.state for one in fixity.failures(tx))
        yield _gauge(
            "sohoa_fixity_failures", "Stored objects found not to be as they were stored.", "state",
            {state: found[state] for state in ("damaged", "missing")},
        )  # fmt: skip

    def _surveyed(self) -> Iterator[Metric]:
        last = self._survey.last()
        if last is None:
            return
        kept, moment = last
        yield _gauge(
            "sohoa_documents_done", "Documents at the end of their way.", "", {"": kept.done}
        )
        yield _gauge(
            "sohoa_documents_status", "Documents by worth in law.", "status", kept.by_status
        )
        yield _gauge("sohoa_stored_objects", "Files that documents name.", "", {"": kept.objects})
        yield _gauge("sohoa_stored_bytes", "Their bytes.", "", {"": kept.bytes})
        yield _gauge("sohoa_survey_time_seconds", "When these were read.", "", {"": moment})


class Survey:
    """What is dear to read: in a thread of its own, at most every 15 minutes.

    Where reading takes long, the pause is fifty times as long, so that it never costs the
    database more than a fiftieth of one connection.
    """

    def __init__(self, read: Callable[[], Kept]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._next = 0.0
        self._last: tuple[Kept, float] | None = None

    def last(self) -> tuple[Kept, float] | None:
        """What was found last and when (Unix time); None before the first is through."""
        with self._lock:
            due = time.monotonic() >= self._next
            if due:
                self._next = time.monotonic() + _SURVEY_EVERY_S
        if due:
            reading = threading.Thread(target=self._take, daemon=True)
            reading.start()
            reading.join(_SURVEY_PATIENCE_S)
        return self._last

    def _take(self) -> None:
        began = time.monotonic()
        try:
            self._last = self._read(), time.time()
        except Exception as error:
            LOG.warning("figures not read", extra={"figures": "survey"}, exc_info=error)
        took = time.monotonic() - began
        with self._lock:
            self._next = time.monotonic() + max(_SURVEY_EVERY_S, 50 * took)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _kept(house: House) -> Kept:
    with house.database.read() as tx:
        return workload.kept(tx)


def _work(totals: workers.Totals, prefix: str) -> Iterator[Metric]:
    """What workers have done, as counters."""
    for name, told, label, key in (
        ("pages_read", "Pages read, by the engine that read most of it.", "engine", counted.PAGES),
        ("documents_stopped", "Documents that stopped.", "reason", counted.STOPPED),
        ("signing_waits", "Times a paper waited for its signatures.", "reason", counted.SIGNING),
        ("work_seconds", "Time at work on jobs.", "kind", counted.SECONDS),
    ):  # fmt: skip
        family = CounterMetricFamily(prefix + name, told, labels=(label,))
        for value, number in sorted(totals.get(key, {}).items()):
            family.add_metric((value,), number)
        yield family
    ended = CounterMetricFamily(
        f"{prefix}jobs_ended", "Jobs by how an attempt at them ended.", labels=("kind", "outcome")
    )
    for both, number in sorted(totals.get(counted.JOBS, {}).items()):
        kind, _, outcome = both.partition(" ")
        ended.add_metric((kind, outcome), number)
    yield ended


def _gauge(name: str, told: str, label: str, values: "dict[str, float] | object") -> Metric:
    family = GaugeMetricFamily(name, told, labels=(label,) if label else ())
    assert isinstance(values, dict)
    for key, value in sorted(values.items()):
        family.add_metric((key,) if label else (), value)
    return family
