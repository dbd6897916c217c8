"""Dashboard and alerts: what they ask for is there, can be read, and is raised by what it is for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from tests.cast import WALL, Cast
from tests.conftest import METRICS_TOKEN
from tests.databases import REQUIRED
from tribute.domain.lifecycle import Status
from tribute.extensions import db, now
from tribute.services import last_done
from tribute.services.last_done import Chore

DEPLOY = Path(__file__).parents[1] / "deploy"
PROMETHEUS = DEPLOY / "prometheus"
NAME = re.compile(r"\btribute_[a-z_]+")
OF_GRAFANA = {"$__rate_interval": "5m", "$job": "tribute"}


def dashboard() -> dict[str, Any]:
    """The file that Grafana imports."""
    found: dict[str, Any] = json.loads((DEPLOY / "grafana" / "tribute.json").read_text())
    return found


def asked_by_dashboard() -> Iterator[str]:
    """Each expression of a panel, as Prometheus gets it."""
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            expression: str = target["expr"]
            for name, value in OF_GRAFANA.items():
                expression = expression.replace(name, value)
            yield expression


def alerts() -> list[dict[str, Any]]:
    """The rules."""
    (group,) = yaml.safe_load((PROMETHEUS / "tribute.rules.yml").read_text())["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


@pytest.fixture(scope="session")
def promtool() -> str:
    """Prometheus's own judge of rules; where it is absent, these tests are left out."""
    beside = str(Path(sys.executable).parent)  # where `make test` puts it
    found = shutil.which("promtool", path=os.pathsep.join((os.environ.get("PATH", ""), beside)))
    if found is None:
        if "promtool" in REQUIRED:
            pytest.fail("promtool is missing, and TRIBUTE_REQUIRE names it")
        pytest.skip("promtool is missing")
    return found


def judged(*command: str) -> str:
    """What promtool says, once it is content."""
    ended = subprocess.run(command, cwd=PROMETHEUS, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_promtool_accepts_the_rules_and_the_configuration(promtool: str) -> None:
    assert f"{len(alerts())} rules found" in judged(promtool, "check", "rules", "tribute.rules.yml")
    judged(promtool, "check", "config", "--syntax-only", "prometheus.yml")


def test_each_alert_is_raised_by_what_it_is_for_and_not_before(promtool: str) -> None:
    judged(promtool, "test", "rules", "tribute.test.yml")
    tested = yaml.safe_load((PROMETHEUS / "tribute.test.yml").read_text())["tests"]
    raised = {one["alertname"] for test in tested for one in test["alert_rule_test"] if one.get("exp_alerts")}
    assert raised == {rule["alert"] for rule in alerts()}


def test_prometheus_understands_what_the_dashboard_asks(promtool: str, tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": each} for number, each in enumerate(asked_by_dashboard())]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    assert f"{len(rules)} rules found" in judged(promtool, "check", "rules", str(file))


def test_every_number_that_is_asked_for_is_told(app: Flask, cast: Cast) -> None:
    cast.tribute(Status.PENDING, email="leyla@memorial.example")
    for _ in range(2):
        cast.visitor.get(WALL)
    with app.app_context():
        for chore in Chore:
            last_done.mark(db.session(), chore, now())
        db.session.commit()
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    told = {line.partition("{")[0].partition(" ")[0] for line in answer.text.splitlines() if not line.startswith("#")}
    said = (*asked_by_dashboard(), *(rule["expr"] for rule in alerts()))
    asked = {name for each in said for name in NAME.findall(each)}
    assert asked <= told
    assert {name for name in told if not name.endswith("_sum")} <= asked


def test_every_alert_says_what_is_wrong_and_what_mends_it() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert set(rule["annotations"]) == {"summary", "remedy"}, rule["alert"]


def test_the_dashboards_panels_lie_beside_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        at = panel["gridPos"]
        here = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not here & taken, panel["title"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        taken |= here
    numbers = [panel["id"] for panel in dashboard()["panels"]]
    assert len(numbers) == len(set(numbers))
