"""The anniversary in small: the benchmark itself, without a look at the clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import sites, visitors
from bench.anniversary import MODERATORS, SHARES, Crowd, spent
from bench.moderators import with_moderator
from bench.sites import Site


def test_everybody_who_comes_is_answered_and_every_tribute_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "FASTEST", 0)
    site = Site("SQLite", tmp_path / "site", page_cache=64)
    site.run("prepare")
    site.run("demo", "--count", "500")
    with_moderator(site, *MODERATORS)
    with sites.served(site) as server:
        plan = Crowd(site, server).plan(100)
        day = spent(server, plan, capacity=100)
    assert day.failures == []
    assert set(day.took) == {*SHARES, "decide"}
    assert sum(len(times.all) for kind, times in day.took.items() if kind != "decide") == 100
    assert sites.number_of_tributes(site) == 500 + len(day.took["submit"].all)
