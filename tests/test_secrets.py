"""Secrets made on the first start: several processes that start at once agree on them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tribute.config import BadSetting, kept_secrets

NAMES = ["secret_key", "password_salt", "receipt_keys", "email_keys", "factor_keys"]
STARTERS, ROUNDS = 8, 40
START = "import sys; from tribute.config import Settings; sys.stdin.read(); print(Settings.load().receipt_keys)"


def started_together(file: Path, names: list[str]) -> list[dict[str, str]]:
    """What each of several starters holds for its secrets."""
    start = Barrier(STARTERS)

    def begins(_number: int) -> dict[str, str]:
        start.wait(30)
        return kept_secrets(file, names)

    with ThreadPoolExecutor(STARTERS) as pool:
        return list(pool.map(begins, range(STARTERS)))


def test_all_that_start_at_once_hold_what_is_kept(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        file = tmp_path / str(number) / "secrets.json"
        found = started_together(file, NAMES)
        kept = json.loads(file.read_text())
        assert found == [kept] * STARTERS, f"round {number}"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [there.name for there in file.parent.iterdir()] == ["secrets.json"]


def test_all_that_start_at_once_add_the_same_missing_secret_and_keep_the_others(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        file = tmp_path / str(number) / "secrets.json"
        before = kept_secrets(file, NAMES[:2])
        found = started_together(file, NAMES)
        assert found == [json.loads(file.read_text())] * STARTERS, f"round {number}"
        assert {name: found[0][name] for name in NAMES[:2]} == before


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    surroundings = {key: said for key, said in os.environ.items() if not key.startswith("TRIBUTE_")}
    surroundings["TRIBUTE_INSTANCE_PATH"] = str(tmp_path / "instance")
    started = [
        subprocess.Popen([sys.executable, "-c", START], env=surroundings, cwd=Path(__file__).parent.parent, text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(4)
    ]  # fmt: skip
    said = [process.communicate(timeout=60)[0].strip() for process in started]
    assert len(set(said)) == 1
    assert len(said[0]) >= 32


def test_a_file_of_secrets_that_cannot_be_read_stops_the_start_and_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    for written in ("{", "[]", '"x"', "\xff"):
        file.write_text(written, "latin-1")
        with pytest.raises(BadSetting, match="TRIBUTE_INSTANCE_PATH"):
            kept_secrets(file, NAMES)
        assert file.read_text("latin-1") == written


def test_secrets_that_are_all_there_are_read_even_where_nothing_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "instance" / "secrets.json"
    kept = kept_secrets(file, NAMES)
    file.parent.chmod(0o500)
    assert kept_secrets(file, NAMES) == kept
    file.parent.chmod(0o700)
