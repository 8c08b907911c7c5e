#!/usr/bin/env python3
"""What Prometheus thinks of the metrics, the alerts and the dashboard: its own programs say so.

usage: prometheus_test.py SERVED_DAEMON SOURCE_FOLDER

A real Prometheus scrapes the service on loopback, each on an address of this test's own, and raises an
alert when the service is gone. Ends with 77 (skipped) where Prometheus is not installed.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
# Every process has a loopback address of its own, so nobody else has the ports.
ADDRESS = f"127.{128 + (os.getpid() >> 16) % 64}.{(os.getpid() >> 8) % 256}.{1 + os.getpid() % 250}"
PATIENCE = 60  # seconds; a busy machine is slow, and nothing here depends on how fast


def get(url, accept="text/plain; version=0.0.4"):
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def wait_for(what, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if found := condition():
                return found
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.1)
    raise AssertionError(f"within {PATIENCE} s: {what}")


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"


class Running:
    """A program that is ended with its test."""

    def __init__(self, *command, log):
        self.log = open(log, "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)

    def end(self, by=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(by)
        self.process.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.end()
        self.log.seek(0)
        if kind:
            print(self.log.read())
        self.log.close()


def quick_rules(source, folder):
    """The rules as they are shipped, but without the minutes that they wait."""
    rules = (source / "packaging/prometheus/alerts.yaml").read_text()
    path = folder / "alerts.yaml"
    path.write_text(re.sub(r"for: \d+m", "for: 1s", rules))
    return path


def prometheus_config(source, folder):
    path = folder / "prometheus.yml"
    path.write_text(
        f"global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}\n"
        f"rule_files: ['{quick_rules(source, folder)}']\n"
        f"scrape_configs:\n"
        f"  - job_name: pianissimo\n"
        f"    static_configs: [{{targets: ['{ADDRESS}:9478']}}]\n")
    return path


def query(expression):
    url = f"http://{ADDRESS}:9090/api/v1/query?query=" + urllib.request.quote(expression)
    return json.loads(get(url)[1])["data"]["result"]


def firing():
    alerts = json.loads(get(f"http://{ADDRESS}:9090/api/v1/alerts")[1])["data"]["alerts"]
    return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}


def texts_are_good(source, folder):
    kind, text = get(f"http://{ADDRESS}:9478/metrics")
    assert kind == "text/plain; version=0.0.4; charset=utf-8", kind
    run("promtool", "check", "metrics", text=text)
    kind, open_text = get(f"http://{ADDRESS}:9478/metrics", OPEN_METRICS)
    assert kind == OPEN_METRICS + "; charset=utf-8", kind
    assert open_text.endswith("\n# EOF\n")
    (folder / "metrics").write_text(text)
    run(sys.executable, "-B", HERE / "dashboard_check.py", source / "packaging/grafana/pianissimo.json",
        source / "packaging/prometheus/alerts.yaml", folder / "metrics")
    run("promtool", "check", "metrics", text=(folder / "pianissimo.prom").read_text())


def prometheus_sees_it(daemon):
    wait_for("Prometheus has scraped the daemon", lambda: query('up{job="pianissimo"} == 1'))
    # What the daemon serves is OpenMetrics then: Prometheus asks for it first, and is strict with it.
    power = wait_for("the power is a series", lambda: query("pianissimo_radio_tx_power_dbm"))
    assert power[0]["metric"]["interface"] == "wlan0", power
    wait_for("the power went down", lambda: query("pianissimo_radio_power_saved_db > 0"))
    wait_for("the readings are counted", lambda: query("pianissimo_readings_total > 10"))
    assert not firing(), firing()
    daemon.end(signal.SIGKILL)
    wait_for("the alert fires when the daemon is gone", lambda: firing() == {"PianissimoDown"})


def main():
    served_daemon, source = sys.argv[1], pathlib.Path(sys.argv[2])
    if not (shutil.which("promtool") and shutil.which("prometheus")):
        print("skipped: Prometheus is not installed (Debian: prometheus)")
        return 77
    run("promtool", "check", "rules", source / "packaging/prometheus/alerts.yaml")
    run("promtool", "test", "rules", HERE / "alerts_test.yaml")
    run("promtool", "check", "config", "--syntax-only", source / "packaging/prometheus/scrape.yaml")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "state").mkdir()
        with Running(served_daemon, folder / "state", f"{ADDRESS}:9478", folder / "pianissimo.prom",
                     log=folder / "daemon.log") as daemon:
            wait_for("the daemon answers", lambda: get(f"http://{ADDRESS}:9478/metrics"))
            wait_for("the textfile is there", (folder / "pianissimo.prom").exists)
            texts_are_good(source, folder)
            with Running("prometheus", f"--config.file={prometheus_config(source, folder)}",
                         f"--storage.tsdb.path={folder / 'tsdb'}",
                         f"--web.listen-address={ADDRESS}:9090", log=folder / "prometheus.log"):
                prometheus_sees_it(daemon)
    return 0


if __name__ == "__main__":
    sys.exit(main())
