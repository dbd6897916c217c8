"""The Dockerfile and the compose file: linted, and held to what the docs say of them. No daemon builds them here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

from tests.deploy.programs import DEPLOY, ROOT
from tribute.config import SECRETS, Settings
from tribute.extensions import now
from tribute.services.readiness import WORK_WITHIN

DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    program = Path(sys.executable).with_name("hadolint")
    ended = subprocess.run([program, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_the_compose_file_is_what_its_schema_asks_for() -> None:
    told = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml")]
    ended = subprocess.run([sys.executable, *told], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def copied() -> list[str]:
    """What the image takes from the checkout into the place of the program."""
    found = re.findall(r"^COPY (\S+) \./\S*$", DOCKERFILE, re.MULTILINE)
    assert len(found) > 3
    return found


def test_what_the_image_holds_is_enough_to_run_and_is_not_written_to(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    for name in copied():
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, program / name)
    before = {file: file.stat().st_mtime_ns for file in program.rglob("*")}
    told = {"TRIBUTE_INSTANCE_PATH": str(tmp_path / "instance"), "FLASK_APP": "wsgi", "PYTHONDONTWRITEBYTECODE": "1"}
    for words in (["prepare"], ["people", "link"], ["work", "--once"]):
        subprocess.run([sys.executable, "-m", "flask", "tribute", *words], cwd=program, env=told, check=True)
    page = "import wsgi; answer = wsgi.app.test_client().get('/en/20-january/'); assert answer.status_code == 200"
    subprocess.run([sys.executable, "-c", page], cwd=program, env=told, check=True)
    assert {file: file.stat().st_mtime_ns for file in program.rglob("*")} == before


def test_whatever_the_image_takes_the_ignore_file_lets_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_in == {*copied(), "requirements.txt"}


def test_the_image_runs_as_nobody_in_particular() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert len(users) == 1
    assert int(users[0]) > 1000


def test_every_part_is_read_only_checked_and_of_a_named_version() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service
        assert re.fullmatch(r"[\w./-]+:[\w.]+", service["image"]), name
        assert not service["image"].endswith(":latest"), name
        is_checked = "test" in service.get("healthcheck", {}) or (
            service["image"].startswith("tribute:") and "HEALTHCHECK" in DOCKERFILE
        )
        assert is_checked, name
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]


def test_all_machines_have_the_same_settings_and_every_secret() -> None:
    sites = [service["environment"] for service in SERVICES.values() if service["image"].startswith("tribute:")]
    assert len(sites) == 4
    assert all(site == sites[0] for site in sites)
    known = {f"TRIBUTE_{name.upper()}" for name in Settings.model_fields}
    assert {f"TRIBUTE_{name.upper()}" for name in SECRETS} <= set(sites[0]) <= known
    defaults = {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for name, value in sites[0].items()}
    example: dict[str, Any] = {name: re.sub(r"\$\{[^}]*\}", "x" * 40, value) for name, value in defaults.items()}
    example["TRIBUTE_MAIL_URL"], example["TRIBUTE_MAIL_FROM"] = "smtp://relay.example", "a@memorial.example"
    made = Settings.model_validate({name.removeprefix("TRIBUTE_").lower(): value for name, value in example.items()})
    for name in (name for name, value in sites[0].items() if ":-" in value):
        field = name.removeprefix("TRIBUTE_").lower()
        assert getattr(made, field) == Settings.model_fields[field].default, name


def test_a_worker_that_goes_round_is_well_and_one_that_is_silent_is_not(app: Flask, settings: Settings) -> None:
    told = SERVICES["worker"]["healthcheck"]["test"]
    line = told[1].replace("$$", "$").replace("/var/lib/tribute", str(settings.instance_path.absolute()))

    def is_well() -> bool:
        return subprocess.run(["sh", "-c", line], check=False, stderr=subprocess.DEVNULL).returncode == 0

    assert told[0] == "CMD-SHELL"
    assert not is_well()
    assert app.test_cli_runner().invoke(args=["tribute", "work", "--once"]).exit_code == 0
    assert is_well()
    for ago, found in ((WORK_WITHIN - timedelta(minutes=1), True), (WORK_WITHIN + timedelta(minutes=1), False)):
        moment = (now() - ago).timestamp()
        os.utime(settings.worker_file, (moment, moment))
        assert is_well() is found


def test_nginx_asks_the_web_servers_where_they_are() -> None:
    upstream = (DEPLOY / "compose" / "upstream.conf").read_text()
    addresses = re.findall(r"server ([\d.]+):8000 ", upstream)
    web = [service for name, service in SERVICES.items() if name.startswith("web")]
    assert addresses == [service["networks"]["inside"]["ipv4_address"] for service in web]
    assert len(addresses) == 2
    assert "EXPOSE 8000" in DOCKERFILE


def test_what_nginx_is_told_in_the_container_fits_the_file_that_ships() -> None:
    (told,) = [part for part in SERVICES["nginx"]["command"] if part.startswith("sed ")]
    edits = re.findall(r'-e "([^"]*)"', told)
    assert len(edits) == 3
    arguments = [word for edit in edits for word in ("-e", edit.replace("$$NAME", "a.example"))]
    shipped = DEPLOY / "nginx" / "tribute.conf"
    made = subprocess.run(["sed", *arguments, str(shipped)], capture_output=True, text=True, check=True).stdout
    assert "memorial.example" not in made
    assert "/var/log" not in made
    assert made.count("a.example") == shipped.read_text().count("memorial.example")
