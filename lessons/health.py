"""What machines ask: whether the server lives, whether a page would come at once, and its figures."""

from __future__ import annotations

import tornado.web
from prometheus_client import CONTENT_TYPE_LATEST

from firstepoch.lessons.classroom.kernels import AVAILABLE, FORKSERVER
from firstepoch.lessons.classroom.watch import Watch, exposition


class AliveHandler(tornado.web.RequestHandler):
    """`/health`: the server answers."""

    def get(self) -> None:
        """Say so."""
        self.set_header("Cache-Control", "no-store")
        self.finish({"status": "alive"})


class ReadyHandler(tornado.web.RequestHandler):
    """`/health/ready`: a page that is asked for now gets its Python as soon as it ever will."""

    def get(self) -> None:
        """Say whether it is so: 200, or 503 while what a lesson needs is still being imported."""
        self.set_header("Cache-Control", "no-store")
        ready = not AVAILABLE or FORKSERVER.ready or FORKSERVER.broken
        self.set_status(200 if ready else 503)
        self.finish({"status": "ready" if ready else "importing"})


class MetricsHandler(tornado.web.RequestHandler):
    """`/metrics`: the figures for Prometheus."""

    def initialize(self, watch: Watch) -> None:
        """Take who takes the figures."""
        self.watch = watch

    async def get(self) -> None:
        """Send them."""
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.set_header("Cache-Control", "no-store")
        self.finish(exposition(await self.watch.figures()))
