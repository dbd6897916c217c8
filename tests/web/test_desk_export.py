"""Taking everything out at the desk: for keepers, who they are asked again, and the log says so."""

from __future__ import annotations

import io
import json
import math
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert, select

from tests.cast import PASSWORD, Cast
from tests.web.steps import decide, main_of, press
from tribute.domain.lifecycle import Remark
from tribute.extensions import db, now
from tribute.models import Decision, Gram
from tribute.services import export

ROOM = "/desk/export"


def test_a_keeper_takes_everything_out_and_the_log_says_so(app: Flask, cast: Cast) -> None:
    cast.tribute(words="A sentence that is public")
    assert "Take everything out" in main_of(cast.keeper.get(ROOM))
    with app.app_context():
        before = db.session.query(Decision).count()
    answer = press(cast.keeper, ROOM)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="export-')
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        assert packed.namelist()[-1] == "manifest.json"
        assert b"A sentence that is public" in packed.read("json/revision.jsonl")
        assert json.loads(packed.read("manifest.json"))["log"]["number"] == before + 1, "its own row is in it"
    with app.app_context():
        row = db.session.scalars(select(Decision).order_by(Decision.number.desc())).first()
        assert row is not None
        assert (row.action, row.actor, row.tribute_id) == (Remark.EXPORT, "keeper", 0)
    assert "Everything taken out" in main_of(cast.keeper.get("/desk/log"))


def test_looking_changes_nothing(app: Flask, cast: Cast) -> None:
    cast.keeper.get(ROOM)
    with app.app_context():
        assert not db.session.query(Decision).filter_by(action=Remark.EXPORT).count()


def test_a_moderator_is_neither_led_there_nor_given_it(cast: Cast) -> None:
    assert ROOM not in cast.moderator.get("/desk/").text
    assert cast.moderator.get(ROOM).status_code == 403
    assert press(cast.moderator, ROOM).status_code == 403
    assert cast.visitor.get(ROOM).location.startswith("/account/login")


def test_the_password_is_asked_for_again(cast: Cast) -> None:
    cast.keeper.get("/desk/")
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert cast.keeper.get(ROOM).location.startswith("/account/verify?next=")
        assert press(cast.keeper, ROOM).status_code == 403
        assert press(cast.keeper, ROOM, password="wrong").status_code == 422
        assert press(cast.keeper, ROOM, password=PASSWORD).mimetype == "application/zip"


def test_a_form_of_another_site_takes_nothing(app: Flask, cast: Cast) -> None:
    cast.keeper.get("/desk/")
    assert cast.keeper.post(ROOM, data={"csrf_token": "made up"}).status_code == 400
    with app.app_context():
        assert not db.session.query(Decision).filter_by(action=Remark.EXPORT).count()


def test_what_is_erased_while_it_is_taken_is_overwritten_when_that_ends(app: Flask, cast: Cast) -> None:
    public_id, keeper = cast.tribute(words="A sentence that goes meanwhile"), cast.keeper
    much(app)
    taking = press(keeper, ROOM)
    assert decide(keeper, public_id, "remove", ground="family", password=PASSWORD).status_code == 303
    with app.app_context():
        log = Path(f"{db.engine.url.database}-wal")
        is_sqlite = db.engine.dialect.name == "sqlite"
    if is_sqlite:
        assert b"that goes meanwhile" in log.read_bytes()
    with zipfile.ZipFile(io.BytesIO(taking.data)) as packed:
        assert b"that goes meanwhile" in packed.read("json/revision.jsonl"), "it is of one moment"
    assert not is_sqlite or b"that goes meanwhile" not in log.read_bytes()


def test_who_takes_it_too_slowly_is_cut_off(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    much(app)
    taking = press(cast.keeper, ROOM)
    monkeypatch.setattr("tribute.web.desk_export.monotonic", lambda: math.inf)
    with pytest.raises(TimeoutError):
        assert taking.data


def much(app: Flask) -> None:
    """Something to export that is not sent at once."""
    with app.app_context():
        db.session.execute(insert(Gram), [dict.fromkeys(("published", "spam", "hateful"), 0) | {"hash": number}
                                          for number in range(60_000)])  # fmt: skip
        db.session.commit()


def test_much_more_of_it_takes_no_more_memory(app: Flask) -> None:
    with app.app_context():
        few = peak(app)
        much(app)
        assert peak(app) < few + 8_000_000  # bytes; the rows take twice as many as text, and ten times as objects


def peak(app: Flask) -> int:
    """The most bytes that Python held while an export was made and thrown away."""
    tracemalloc.start()
    for _piece in export.write(db.session(), now()):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    db.session.rollback()
    return most


@pytest.mark.parametrize("lang", ["az", "ru", "tr"])
def test_it_is_said_in_each_language(cast: Cast, lang: str) -> None:
    press(cast.keeper, "/desk/language", language=lang, next=ROOM)
    assert "Take everything out" not in main_of(cast.keeper.get(ROOM))
