"""Alarms, rules and the dashboard ask for figures that are there."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.exposition import generate_latest

from api.meters import worker_registry
from ingest.crew import Tally
from tests.deploy.checking import check
from tests.deploy.conftest import DEPLOY
from tests.integration.http.office import open_office

FOLDER = DEPLOY / "prometheus"
FILES = ("rules.yml", "alerts.yml", "dashboard.json")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names that the service, a worker and the rules give."""
    home = tmp_path_factory.mktemp("office")
    with open_office(home) as office, office.client("administrator") as admin:
        text = admin.get("/metrics").text
    text += generate_latest(worker_registry(Tally(), 1)).decode()
    names = set()
    for name, kind in re.findall(r"(?m)^# TYPE (\w+) (\w+)$", text):
        names.add(name)
        if kind == "histogram":
            names |= {f"{name}_{end}" for end in ("bucket", "count", "sum")}
    rules = yaml.safe_load((FOLDER / "rules.yml").read_text("utf-8"))
    return names | {rule["record"] for group in rules["groups"] for rule in group["rules"]}


@pytest.mark.parametrize("file", FILES)
def test_only_figures_that_are_there_are_asked_for(figures: set[str], file: str) -> None:
    text = (FOLDER / file).read_text("utf-8")
    if file == "dashboard.json":
        board = json.loads(text)
        text = "\n".join(one["expr"] for panel in board["panels"] for one in panel["targets"])
    else:
        groups = yaml.safe_load(text)["groups"]
        text = "\n".join(rule["expr"] for group in groups for rule in group["rules"])
    asked = set(re.findall(r"\bsohoa_\w+", text))
    assert asked
    assert asked <= figures


def test_the_queue_scales_by_a_rule_that_is_there(figures: set[str]) -> None:
    text = (DEPLOY / "kubernetes" / "by-queue" / "kustomization.yaml").read_text("utf-8")
    [name] = re.findall(r"name: (sohoa_\w+)", text)
    assert name in figures


def test_rules_and_alarms_are_prometheus_own_language() -> None:
    done = check("rules", FOLDER / "rules.yml", FOLDER / "alerts.yml")
    assert done.returncode == 0, done.stderr


def test_each_alarm_says_what_to_do() -> None:
    [group] = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]
    for one in group["rules"]:
        assert one["labels"]["level"] in ("now", "today"), one["alert"]
        assert " · " in one["annotations"]["summary"], one["alert"]
        assert one["annotations"]["do"], one["alert"]
        assert one["for"], one["alert"]


def test_every_part_that_papers_need_wakes_somebody() -> None:
    from ingest.readiness import checks_of

    text = (FOLDER / "alerts.yml").read_text("utf-8")
    [parts] = re.findall(r'part=~"([\w|]+)"', text)
    needed = {one.name for one in checks_of(None) if one.needed}  # type: ignore[arg-type]
    assert set(parts.split("|")) == needed


def test_a_mistake_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "alerts.yml"
    wrong.write_text((FOLDER / "alerts.yml").read_text("utf-8").replace("max(", "max((", 1))
    assert check("rules", wrong).returncode == 1
