"""The numbers as Prometheus reads them: what was answered, and what stands in the database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from tribute.services.gauges import Gauges
from tribute.services.last_done import Chore
from tribute.services.readiness import WELL, Check, Word
from tribute.web.meter import LIMITS, SUM, Labels, Meter, Numbers
from tribute.web.watch import NONE

BOUNDS = (*map(floatToGoString, LIMITS), "+Inf")


class Numbered(Collector):
    """Everything that is told at one moment; `gauges` are None where the database does not answer."""

    def __init__(self, meter: Meter, found: Mapping[Check, Word], gauges: Gauges | None, folder: Path) -> None:
        self.meter, self.found, self.gauges, self.folder = meter, found, gauges, folder

    def collect(self) -> Iterator[Metric]:
        """Family by family."""
        rows, processes = self.meter.total()
        yield _answered(rows)
        yield _cached(rows)
        yield _one("tribute_serving_processes", "Processes of this machine that serve.", processes)
        ready = {check: float(word in WELL) for check, word in self.found.items() if word != Word.UNKNOWN}
        yield _each("tribute_ready", "Whether what /readyz looks at is well.", "check", ready)
        yield from _disk(self.folder)
        if self.gauges is not None:
            yield from _standing(self.gauges)


def exposed(collector: Collector) -> bytes:
    """The text that Prometheus reads."""
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry)


def _answered(rows: Mapping[Labels, Numbers]) -> Metric:
    help_ = "Seconds that requests took, but for static files; route is the view's name."
    family = HistogramMetricFamily("tribute_http_request_duration_seconds", help_, labels=("method", "route", "status"))
    summed: dict[tuple[str, ...], Numbers] = {}
    for labels, numbers in rows.items():
        before = summed.get(labels[:3], [0.0] * len(numbers))
        summed[labels[:3]] = [one + other for one, other in zip(before, numbers, strict=True)]
    for key, numbers in sorted(summed.items()):
        so_far = [sum(numbers[: place + 1]) for place in range(SUM)]
        family.add_metric(key, list(zip(BOUNDS, so_far, strict=True)), numbers[SUM])
    return family


def _cached(rows: Mapping[Labels, Numbers]) -> Metric:
    help_ = "Requests for public pages by what the page cache did: hit, miss, stale, former."
    family = CounterMetricFamily("tribute_page_cache_requests", help_, labels=("outcome",))
    found: dict[str, float] = {}
    for labels, numbers in rows.items():
        found[labels.cache] = found.get(labels.cache, 0.0) + sum(numbers[:SUM])
    for outcome in sorted(found.keys() - {NONE, ""}):
        family.add_metric((outcome,), found[outcome])
    return family


def _disk(folder: Path) -> Iterator[Metric]:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return
    yield _one("tribute_disk_free_bytes", "Free bytes where the instance folder lies.", usage.free)
    yield _one("tribute_disk_size_bytes", "All bytes there.", usage.total)


def _standing(gauges: Gauges) -> Iterator[Metric]:
    yield _each("tribute_queue_tributes", "Tributes that wait to be decided on.", "verdict", gauges.queue)
    yield _each("tribute_queue_oldest_seconds", "How long the oldest of them waits.", "verdict", gauges.queue_ages)
    yield _each("tribute_triage_verdicts", "Tributes of the last hour by verdict.", "verdict", gauges.verdicts)
    yield _each("tribute_outbox_messages", "Mails that are not over.", "state", gauges.outbox)
    yield _one("tribute_outbox_overdue_seconds", "For how long the oldest mail has been due.", gauges.outbox_overdue)
    help_ = "Of the newest texts that an index should hold, how many it lacks."
    yield _each("tribute_index_missing", help_, "index", gauges.index_missing)
    ages = {"tribute_worker_silent_seconds": Chore.WORK, "tribute_backup_age_seconds": Chore.BACKUP}
    for name, chore in ages.items():
        if chore in gauges.chore_ages:
            yield _one(name, f"Seconds since the last {chore}, on any machine.", gauges.chore_ages[chore])


def _one(name: str, help_: str, number: float) -> Metric:
    return GaugeMetricFamily(name, help_, value=number)


def _each(name: str, help_: str, label: str, numbers: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, help_, labels=(label,))
    for key, number in numbers.items():
        family.add_metric((str(key),), number)
    return family
