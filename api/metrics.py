"""/metrics : how each service feels, in the text format of Prometheus; from the same view as /sources and /readyz."""

from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool

from views.watch import STATES, Service, services
from wiring import House

router = APIRouter()
OUTCOMES = ("kept", "unchanged", "quarantined", "empty")


class Watched(Collector):
    """The services of a house as metrics, read anew at each question. Labels: the name of a source, a state, an outcome."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterable[Metric]:
        """Every family, each with a sample a service."""
        found = [s for s in services(self._house.reader, self._house.settings.watch.target) if s.state != "removed"]
        yield InfoMetricFamily("gridhall_build", "What runs here.", value={"build": self._house.build})
        yield _states(found)
        yield from _gauges(found)
        yield from _counters(found)


def _states(found: list[Service]) -> Metric:
    family = GaugeMetricFamily(
        "gridhall_source_state", "1 for the state a source is in, 0 for the others.", labels=("source", "state")
    )
    for service in found:
        for state in STATES:
            family.add_metric((service.name, state), float(service.state == state))
    return family


def _gauges(found: list[Service]) -> Iterator[Metric]:
    lag = GaugeMetricFamily("gridhall_source_lag_seconds", "Seconds since the last success.", labels=("source",))
    waiting = GaugeMetricFamily("gridhall_source_quarantine", "Rows that wait to be mended.", labels=("source",))
    for service in found:
        waiting.add_metric((service.name,), service.feed.waiting)
        if service.age is not None:
            lag.add_metric((service.name,), service.age)
    yield from (lag, waiting)


def _counters(found: list[Service]) -> Iterator[Metric]:
    records = CounterMetricFamily(
        "gridhall_source_records", "Rows read, by what became of them.", labels=("source", "outcome")
    )
    failures = CounterMetricFamily("gridhall_source_failures", "Fetches that failed.", labels=("source",))
    gaps = CounterMetricFamily(
        "gridhall_source_gap_seconds", "Seconds of which a source lost what it held.", labels=("source",)
    )
    for service in found:
        totals = dict(service.totals)
        for outcome in OUTCOMES:
            records.add_metric((service.name, outcome), totals[outcome])
        failures.add_metric((service.name,), totals["failures"])
        gaps.add_metric((service.name,), service.gap_seconds)
    yield from (records, failures, gaps)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The text; open to this machine and to every account (api/gate.py)."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Watched(request.app.state.house))
    return Response(await run_in_threadpool(generate_latest, registry), media_type=CONTENT_TYPE_LATEST)
