"""deploy/compose.yaml keeps the rules of the house: least rights, limits, one door."""

import re
import subprocess
from typing import Any

import pytest

from api.settings import Settings, load_settings
from tests.deploy.checking import check
from tests.deploy.conftest import DEPLOY, parses

WRITES_ITS_OWN_FOLDER = {"search"}
"""Elasticsearch writes a keystore into its configuration when it starts."""

ONCE = {"objects-setup", "search-setup"}
KNOWN = {f"SOHOA_{name.upper()}" for name in Settings.model_fields}
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|API_KEY|CREDENTIAL|AUDIT_KEY")


def test_each_service_has_the_least_rights(compose: dict[str, Any]) -> None:
    for name, one in compose["services"].items():
        user = str(one["user"]).split(":")[0]
        assert user.isdigit(), name
        assert int(user) > 0, name
        assert one["cap_drop"] == ["ALL"], name
        assert "cap_add" not in one, name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert one.get("read_only", False) == (name not in WRITES_ITS_OWN_FOLDER), name
        assert not one.get("privileged"), name
        assert "docker.sock" not in str(one), name


def test_each_service_has_limits_and_a_kept_log(compose: dict[str, Any]) -> None:
    for name, one in compose["services"].items():
        limits = one["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= set(limits), name
        assert one["logging"]["options"]["max-size"], name
        assert ("healthcheck" in one) == (name not in ONCE), name


def test_each_image_has_a_version(compose: dict[str, Any]) -> None:
    for name, one in compose["services"].items():
        tag = one["image"].rpartition(":")[2]
        assert re.search(r"\d+\.\d+", tag), f"{name}: {one['image']}"


def test_the_proxy_is_the_only_door(compose: dict[str, Any]) -> None:
    assert {name for name, one in compose["services"].items() if one.get("ports")} == {"proxy"}
    inner = {name for name, one in compose["networks"].items() if one and one.get("internal")}
    assert inner == {"app", "data", "watch"}
    for name, one in compose["services"].items():
        networks = set(one.get("networks", {}))
        if name == "worker" and "SOHOA_OFFICER_KEY" in one["environment"]:
            networks -= {"outside"}  # to time stamps and revocation lists
        if name != "proxy":
            assert networks <= inner, name
    for name in ("database", "objects", "search"):
        assert set(compose["services"][name]["networks"]) == {"data"}
    assert compose["services"]["objects-store"]["network_mode"] == "service:objects"


def test_no_secret_stands_in_an_environment_or_a_command(compose: dict[str, Any]) -> None:
    for name, one in compose["services"].items():
        for variable, value in (one.get("environment") or {}).items():
            if SECRET_NAME.search(variable):
                assert variable.endswith("_FILE"), f"{name}: {variable}"
                assert str(value).startswith("/run/"), f"{name}: {variable}"
        assert "://" not in str(one.get("command")) or "@" not in str(one.get("command")), name
    for name, one in compose["secrets"].items():
        assert one["file"].endswith(f"/secrets/{name}")


def test_each_secret_is_read_by_those_who_need_it(compose: dict[str, Any]) -> None:
    readers: dict[str, set[str]] = {}
    for name, one in compose["services"].items():
        for secret in one.get("secrets") or ():
            readers.setdefault(secret["source"], set()).add(name)
        for value in [
            *(one.get("environment") or {}).values(),
            *map(str, one.get("command") or ()),
        ]:
            for wanted in re.findall(r"/run/secrets/([\w.-]+)", str(value)):
                assert name in readers.get(wanted, ()), f"{name} does not mount {wanted}"
    assert set(readers) == set(compose["secrets"])
    assert readers["s3-identities"] == {"objects-store"}
    assert readers["tls.pem"] == {"proxy"}


@pytest.mark.parametrize("name", ["service", "worker"])
def test_settings_and_commands_are_those_of_the_program(compose: dict[str, Any], name: str) -> None:
    one = compose["services"][name]
    given = {key: value for key, value in one["environment"].items() if key.startswith("SOHOA_")}
    assert set(given) <= KNOWN
    assert parses(one["command"])
    with pytest.MonkeyPatch.context() as here:
        for key, value in given.items():
            here.setenv(key, value)
        settings = load_settings()
    keys = (settings.officer_key, settings.organisation_key)
    assert all(keys) == any(keys)
    assert bool(settings.trust) == all(keys)
    assert settings.tsa_url is None  # an empty variable is not set


def test_ports_fit_together(compose: dict[str, Any]) -> None:
    services = compose["services"]
    port = parses(services["service"]["command"])["port"]
    assert services["proxy"]["environment"]["SOHOA_PROXY_SERVICE"] == f"service:{port}"
    assert f":{port}/healthz" in str(services["service"]["healthcheck"])
    figures = parses(services["worker"]["command"])["metrics_port"]
    assert f":{figures}/healthz" in str(services["worker"]["healthcheck"])
    watched = (DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8")
    assert f"service:{port}" in watched
    assert f"port: {figures}" in watched
    gate = services["objects"]["environment"]
    assert gate["SOHOA_GATE_BIND"].rpartition(":")[2] == "8333"
    assert "objects:8333" in services["service"]["environment"]["SOHOA_OBJECTS_URL"]
    store = services["objects-store"]["command"]
    assert f"-s3.port={gate['SOHOA_GATE_S3'].rpartition(':')[2]}" in store


def test_the_proxies_read_what_they_are_given(compose: dict[str, Any]) -> None:
    for name, file in (("proxy", "haproxy.cfg"), ("objects", "objects-gate.cfg")):
        asked = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "proxy" / file).read_text("utf-8")))
        assert asked == set(compose["services"][name]["environment"])


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("    networks: [data, watch]", "    network: [data, watch]"),
        ('    restart: "no"', "    restart: 7"),
        ("[data, watch]", "[data, nowhere]"),
    ],
)
def test_a_mistake_is_found(tmp_path: Any, right: str, wrong: str) -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert right in text
    file = tmp_path / "compose.yaml"
    file.write_text(text.replace(right, wrong), "utf-8")
    assert check("compose", DEPLOY / "compose.env.example", file).returncode == 1


def test_what_the_office_must_say_is_asked_for(tmp_path: Any) -> None:
    empty = tmp_path / "env"
    empty.write_text("SOHOA_OFFICE_NAME=x\nSOHOA_OFFICE_UNIT_CODE=y\n", "utf-8")
    done = check("compose", empty, DEPLOY / "compose.yaml")
    assert done.returncode == 1
    assert "SOHOA_HOST" in done.stderr


@pytest.mark.parametrize("name", sorted(ONCE))
def test_the_steps_of_the_start_are_shell(compose: dict[str, Any], name: str) -> None:
    one = compose["services"][name]
    assert one["entrypoint"] == ["/bin/sh", "-ec"]
    [script] = one["command"]
    script = script.replace("$$", "$")  # written out for compose to read again
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0
    assert one["restart"] == "no"
