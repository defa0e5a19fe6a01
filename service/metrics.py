"""What is counted, for Prometheus: requests by route and status, how long they take, and which edition is live.

A route is counted by its template, so that nothing of what was asked stands here.
"""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo_lookup import EditionError
from service.live import LiveEdition

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30)
"""The upper bounds of the histogram."""


class Metrics:
    """The counters of one service."""

    def __init__(self, live: LiveEdition) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_OfEdition(live))
        names = ["route", "method", "status"]
        self._requests = Counter("geo_lookup_requests", "Requests that were answered.", names, registry=self.registry)
        self._seconds = Histogram(
            "geo_lookup_request_seconds", "How long answers took.", ["route"], buckets=SECONDS, registry=self.registry
        )

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return generate_latest(self.registry)


class _OfEdition(Collector):
    """What there is to tell of the live edition at the moment of asking."""

    def __init__(self, live: LiveEdition) -> None:
        self.live = live

    def collect(self) -> list[Metric]:
        """The live edition, and how often one was taken or refused."""
        about = GaugeMetricFamily("geo_lookup_edition_info", "The live edition.", labels=["edition", "fingerprint"])
        try:
            edition = self.live.finder.edition
            about.add_metric([edition.manifest.id, edition.fingerprint], 1)
        except EditionError:
            pass
        loads = CounterMetricFamily("geo_lookup_edition_loads", "Editions that were taken.", self.live.loads)
        refusals = CounterMetricFamily("geo_lookup_edition_refusals", "Editions refused.", self.live.refusals)
        newest = GaugeMetricFamily(
            "geo_lookup_edition_refused", "1 while a newer edition is refused.", float(self.live.refused is not None)
        )
        return [about, loads, refusals, newest]


class Measured:
    """Counts every request that passes, and how long its answer took."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self.metrics.count(route, scope["method"], status, time.perf_counter() - started)
