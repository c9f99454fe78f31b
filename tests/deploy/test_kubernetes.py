"""The Kubernetes manifests: rendered as kubectl does, strictly of their types, least rights."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.http import app as faces
from tests.deploy.checking import ROOT, check
from tests.deploy.conftest import DEPLOY, parses
from tests.deploy.test_compose import KNOWN

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def of(objects: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    found = [one for one in objects if one["kind"] in kinds]
    assert found, kinds
    return found


def pods(objects: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in of(objects, "Deployment", "Job"):
        yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod.get("initContainers", ()), *pod["containers"]]


def test_each_pod_has_the_least_rights(objects: list[dict[str, Any]]) -> None:
    for name, pod in pods(objects):
        security = pod["securityContext"]
        assert security["runAsNonRoot"] is True, name
        assert security["runAsUser"] > 0, name
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        assert not any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")), name
        for one in containers(pod):
            assert one["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, (name, one["name"])
        assert not [one for one in pod["volumes"] if "hostPath" in one], name


def test_the_namespace_refuses_others(objects: list[dict[str, Any]]) -> None:
    [namespace] = of(objects, "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_each_container_has_limits_and_a_version(objects: list[dict[str, Any]]) -> None:
    for name, pod in pods(objects):
        for one in containers(pod):
            for side in ("requests", "limits"):
                assert {"cpu", "memory"} <= set(one["resources"][side]), (name, one["name"])
            assert one["image"].rpartition(":")[2] == VERSION, (name, one["image"])
        for volume in pod["volumes"]:
            if "emptyDir" in volume:
                assert volume["emptyDir"].get("sizeLimit"), (name, volume["name"])


def test_no_secret_is_written_here(objects: list[dict[str, Any]]) -> None:
    assert not [one for one in objects if one["kind"] == "Secret"]
    for name, pod in pods(objects):
        [given] = [one for one in pod["volumes"] if "secret" in one]
        assert given["secret"]["secretName"] == "sohoa-secrets", name


def test_settings_and_commands_are_those_of_the_program(objects: list[dict[str, Any]]) -> None:
    [settings] = of(objects, "ConfigMap")
    assert set(settings["data"]) <= KNOWN
    for value in settings["data"].values():
        assert not re.search(r"://[^/@]*:[^/@]*@", value), "a password in an address"
    for name, pod in pods(objects):
        [one] = pod["containers"]
        assert parses(one["args"]) is not None, name
        assert one["envFrom"] == [{"configMapRef": {"name": settings["metadata"]["name"]}}]
        mounted = {mount["mountPath"] for mount in one["volumeMounts"]}
        assert {"/run/secrets/sohoa", settings["data"]["SOHOA_HOME"]} <= mounted


def test_probes_and_ports_fit_the_service(objects: list[dict[str, Any]]) -> None:
    paths = {route.path for area in faces._AREAS for route in area.routes.routes}  # type: ignore[attr-defined]
    for name, pod in pods(objects):
        [one] = pod["containers"]
        ports = {port["name"]: port["containerPort"] for port in one.get("ports", ())}
        options = parses(one["args"])
        for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
            if kind in one:
                assert one[kind]["httpGet"]["path"] in paths, name
                assert one[kind]["httpGet"]["port"] in ports, name
        if name == "service":
            assert ports == {"http": options["port"]}
            assert one["livenessProbe"]["httpGet"]["path"] == "/healthz"
            assert one["readinessProbe"]["httpGet"]["path"] == "/readyz"
        if name == "worker":
            assert ports == {"figures": options["metrics_port"]}


def test_the_network_is_closed_but_for_what_is_named(objects: list[dict[str, Any]]) -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in of(objects, "NetworkPolicy")}
    closed = policies["closed"]
    assert set(closed["policyTypes"]) == {"Ingress", "Egress"}
    assert "ingress" not in closed
    assert "egress" not in closed
    for name, one in policies.items():
        for rule in [*one.get("ingress", ()), *one.get("egress", ())]:
            assert rule.get("ports"), name
            assert rule.get("from") or rule.get("to"), name
    servers = {port["port"] for rule in policies["servers"]["egress"] for port in rule["ports"]}
    [settings] = of(objects, "ConfigMap")
    named = re.findall(r"(?<=:)\d{4}\b", " ".join(
        settings["data"][f"SOHOA_{name}_URL"] for name in ("DATABASE", "OBJECTS", "SEARCH")
    ))  # fmt: skip
    assert servers == {int(port) for port in named}


def test_what_runs_on_many_nodes_survives_one(objects: list[dict[str, Any]]) -> None:
    budgets = {
        one["spec"]["selector"]["matchLabels"]["app.kubernetes.io/component"]
        for one in of(objects, "PodDisruptionBudget")
    }
    scaled = {
        one["spec"]["scaleTargetRef"]["name"] for one in of(objects, "HorizontalPodAutoscaler")
    }
    deployed = {one["metadata"]["name"] for one in of(objects, "Deployment")}
    assert budgets == scaled == deployed == {"service", "worker"}


def test_the_job_of_a_version_bears_its_name(objects: list[dict[str, Any]]) -> None:
    [job] = of(objects, "Job")
    assert job["metadata"]["name"] == f"prepare-{VERSION.replace('.', '-')}"


def test_figures_and_readiness_are_not_for_the_outside(objects: list[dict[str, Any]]) -> None:
    [ingress] = of(objects, "Ingress")
    [rule] = ingress["spec"]["rules"]
    leads = {one["path"]: one["backend"]["service"]["name"] for one in rule["http"]["paths"]}
    assert leads == {"/metrics": "nowhere", "/readyz": "nowhere", "/": "service"}
    assert ingress["spec"]["tls"][0]["hosts"] == [rule["host"]]


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("service.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true"),
        ("service.yaml", "containerPort: 8000", 'containerPort: "eight"'),
        ("worker.yaml", "apiVersion: autoscaling/v2", "apiVersion: autoscaling/v9"),
        ("network.yaml", "podSelector: {}", "podSelectors: {}"),
    ],
)
def test_a_mistake_is_found(tmp_path: Path, file: str, right: str, wrong: str) -> None:
    copy = tmp_path / "base"
    shutil.copytree(DEPLOY / "kubernetes" / "base", copy)
    text = (copy / file).read_text("utf-8")
    assert right in text
    (copy / file).write_text(text.replace(right, wrong, 1), "utf-8")
    assert check("kustomize", copy).returncode == 1
