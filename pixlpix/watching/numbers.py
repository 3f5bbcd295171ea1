"""Numbers for Prometheus: what this process counts, what the rows say, and what the workers said last.

Several processes of gunicorn's add their counts up by files in PROMETHEUS_MULTIPROC_DIR, which gunicorn.conf.py makes. A
worker has no door of its own: its counts come here through the shared cache. No label names a person.
"""

import os
import threading
import time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from .domain import measure
from .workers import heard

# Of our own, so that nothing that a library registers is shown unseen.
OURS = CollectorRegistry()
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
KEPT = 30  # seconds for which what the rows said is shown again

requests = Counter("pixlpix_requests", "Requests answered", ["method", "route", "status"], registry=OURS)
request_seconds = Histogram("pixlpix_request_seconds", "Time to answer", ["route"], buckets=SECONDS, registry=OURS)
queries = Counter("pixlpix_queries", "Database queries of requests", ["route"], registry=OURS)
mails = Counter("pixlpix_mails", "Mails, by what became of them", ["outcome"], registry=OURS)
uploads = Counter("pixlpix_uploads", "Originals taken into the vault", registry=OURS)
decodes = Counter("pixlpix_decodes", "Pictures decoded, by what came of it", ["result"], registry=OURS)
decode_seconds = Counter("pixlpix_decode_seconds", "Processor time of decoding", registry=OURS)
tasks = Counter("pixlpix_tasks_finished", "Background tasks that ended", ["task", "state"], registry=OURS)
task_seconds = Counter("pixlpix_task_seconds", "Time that background tasks took", ["task"], registry=OURS)


def count_request(method, route, status, seconds, count):
    """Count one request that was answered."""
    requests.labels(method, route, str(status)).inc()
    request_seconds.labels(route).observe(seconds)
    queries.labels(route).inc(count)


class Kept:
    """What `ask()` gave, for some seconds; where it fails, nothing, and it is asked again after as long."""

    def __init__(self, ask, seconds=KEPT):
        self.ask, self.seconds = ask, seconds
        self.lock, self.until, self.value = threading.Lock(), 0.0, None

    def get(self):
        with self.lock:
            if time.monotonic() >= self.until:
                self.value = None
                self.until = time.monotonic() + self.seconds
                self.value = self.ask()
            return self.value

    def forget(self):
        self.until = 0.0


measured = Kept(measure)


class Rows:
    """What the rows say, as gauges; none while the database is away."""

    def collect(self):
        for gauge in measured.get() or ():
            family = GaugeMetricFamily(f"pixlpix_{gauge.name}", gauge.said, labels=[gauge.label] if gauge.label else [])
            for label, value in gauge.values.items():
                family.add_metric([label] if gauge.label else [], value)
            yield family


class Workers:
    """What each worker said last, under names of its own ("pixlpix_worker_..."), and how long ago that was."""

    def collect(self):
        workers = heard()
        age = GaugeMetricFamily("pixlpix_worker_silent_seconds", "Since a worker was last heard of", labels=["worker"])
        families = {}
        for worker, said in workers.items():
            age.add_metric([worker], max(0.0, time.time() - said["at"]))
            for name, labels, value in said["counts"]:
                name = name.replace("pixlpix_", "pixlpix_worker_", 1)
                if name not in families:
                    families[name] = CounterMetricFamily(name, "Of a worker", labels=["worker", *labels])
                families[name].add_metric([worker, *labels.values()], value)
        return [age, *families.values()]


def counts():
    """This process's counters as [(name, {label: value}, count)]: what a worker says."""
    found = []
    for family in OURS.collect():
        if family.type == "counter":
            totals = [sample for sample in family.samples if sample.name.endswith("_total")]
            found += [(sample.name, dict(sample.labels), sample.value) for sample in totals]
    return found


def exposition():
    """(text, content type) for Prometheus."""
    registry = CollectorRegistry()
    registry.register(Rows())
    registry.register(Workers())
    ours = OURS
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        ours = CollectorRegistry()
        MultiProcessCollector(ours)
    return generate_latest(ours) + generate_latest(registry), CONTENT_TYPE_LATEST
