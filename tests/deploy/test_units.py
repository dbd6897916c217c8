"""The systemd units: read by systemd itself, closed in, and their commands run as they stand."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.deploy.machines import listens, until
from tests.deploy.nginx import free_port
from tests.deploy.programs import DEPLOY, ROOT, needed

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
MOST_EXPOSED = 15  # tenths of systemd's measure, which ends at 10
PLACES = {"/srv/tribute/.venv": str(ROOT / ".venv"), "/srv/tribute": str(ROOT)}
HARDENED = "# What it may touch"


def said(unit: Path, key: str) -> list[str]:
    """What a unit says under a key, each line that ends with a backslash joined to the next."""
    text = unit.read_text().replace("\\\n", " ")
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


def command(unit: Path, key: str = "ExecStart", **values: str) -> list[str]:
    """A command of a unit, in this checkout."""
    (line,) = said(unit, key)
    for there, here in PLACES.items():
        line = line.replace(there, here)
    for name, value in values.items():
        line = line.replace(f"${{{name}}}", value)
    return shlex.split(line)


def unit(name: str) -> Path:
    """One of them."""
    return DEPLOY / "systemd" / name


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """What a service is given: nothing of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRIBUTE_")}
    return kept | {"TRIBUTE_INSTANCE_PATH": str(tmp_path / "instance")}


def test_systemd_takes_every_unit_without_a_word(tmp_path: Path) -> None:
    program = needed("systemd-analyze", "systemd")
    for each in UNITS:
        text = each.read_text()
        for there, here in PLACES.items():
            text = text.replace(there, here)
        (tmp_path / each.name).write_text(text)
    files = [str(tmp_path / each.name) for each in UNITS]
    ended = subprocess.run([program, "verify", "--man=no", *files], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.stem)
def test_a_service_may_touch_nothing_but_its_own(service: Path) -> None:
    program = needed("systemd-analyze", "systemd")
    told = ["security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(service)]
    ended = subprocess.run([program, *told], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout.splitlines()[-1]
    assert said(service, "User") == ["tribute"]
    assert said(service, "StateDirectory") == ["tribute"]


def test_all_services_are_closed_in_alike() -> None:
    walls = {each.read_text().partition(HARDENED)[2].partition("\n\n")[0].strip() for each in SERVICES}
    assert len(walls) == 1
    assert "ProtectSystem=strict" in walls.pop()


@pytest.mark.parametrize("name", ["tribute-web.service", "tribute-worker.service"])
def test_what_erases_by_the_clock_starts_once_it_is_set(name: str) -> None:
    assert "time-sync.target" in said(unit(name), "After")[0].split()


def test_the_site_is_served_the_same_way_everywhere() -> None:
    found = {}
    for file in (unit("tribute-web.service"), ROOT / "Makefile", DEPLOY / "Dockerfile"):
        (line,) = re.findall(r"granian (--.*wsgi:app)", file.read_text().replace("\\\n", " "))
        flags = dict(re.findall(r"--([\w-]+)(?: ([^\s-]\S*))?", line))
        found[file.name] = {name: value for name, value in flags.items() if name not in ("host", "port", "workers")}
    first, *others = found.values()
    assert len(first) > 5
    assert others == [first, first], found


def test_ten_commands_lead_from_a_bare_system_to_the_open_site_and_name_what_ships() -> None:
    page = (ROOT / "docs" / "operators.md").read_text()
    section = page.partition("\n## One small server\n")[2].partition("\n## ")[0]
    commands = [line for line in section.partition("```sh\n")[2].partition("```")[0].splitlines() if line]
    assert len(commands) == 10
    named = re.findall(r"/srv/tribute/(deploy/[\w./-]+)", " ".join(commands))
    assert len(named) == 5
    assert [name for name in named if not (ROOT / name).exists()] == []
    units = re.findall(r"tribute-[\w.]+", commands[6])
    there = {each.name for each in UNITS}
    assert len(units) == 3
    assert {name if "." in name else f"{name}.service" for name in units} <= there


@contextmanager
def started(program: list[str], told: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is told to stop at the end, as systemd tells it, and stops well."""
    with subprocess.Popen(program, cwd=ROOT, env=told) as process:
        yield process
        process.terminate()
    assert process.returncode in (0, -15)


def test_their_commands_prepare_serve_work_and_back_up(surroundings: dict[str, str]) -> None:
    port = free_port()
    web = unit("tribute-web.service")
    told = command(web, WEB_PROCESSES="1")
    told[told.index("--port") + 1] = str(port)
    prepared = subprocess.run(
        command(web, "ExecStartPre"), cwd=ROOT, env=surroundings, check=True, capture_output=True, text=True
    )
    assert "/account/invitation/" in prepared.stdout
    with started(told, surroundings), started(command(unit("tribute-worker.service")), surroundings) as worker:
        until(lambda: listens(port), "the site does not listen")
        subprocess.run(command(unit("tribute-backup.service")), cwd=ROOT, env=surroundings, check=True)
        assert worker.poll() is None
    assert len(list((Path(surroundings["TRIBUTE_INSTANCE_PATH"]) / "backups").glob("tribute-*.tar.gz"))) == 1


def test_the_command_of_the_operator_is_a_shell_script_without_a_fault() -> None:
    subprocess.run(["sh", "-n", str(DEPLOY / "tribute")], check=True)
    assert os.access(DEPLOY / "tribute", os.X_OK)


def test_the_settings_file_is_read_alike_by_systemd_and_the_shell(tmp_path: Path) -> None:
    text = (DEPLOY / "tribute.env").read_text().replace("\n#TRIBUTE", "\nTRIBUTE")
    file = tmp_path / "env"
    file.write_text(text)
    shell = subprocess.run(
        ["sh", "-c", 'set -a; . "$0"; env', str(file)], capture_output=True, text=True, check=True, env={}
    ).stdout
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            assert f"{name}={value.strip(chr(34))}\n" in shell
