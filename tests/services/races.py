"""Several people at once: each on a connection of their own, starting together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tribute.domain.errors import Refusal
from tribute.extensions import db
from tribute.models import begin_write
from tribute.services import decisions

Act = Callable[[Session], object]
PATIENCE = 30  # seconds until a race that hangs is a failure
WAITERS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def run(app: Flask, act: Act, start: Barrier | None = None) -> object:
    """Do one act as a request would: a transaction of its own, committed; gives back its result or its refusal."""
    with app.app_context():
        session = db.session()
        session.connection()  # connected before the start
        if start is not None:
            start.wait(PATIENCE)
        begin_write(session)
        try:
            result = act(session)
            session.commit()
        except Refusal as refusal:
            session.rollback()
            return refusal
        return result


def together(app: Flask, *acts: Act) -> list[object]:
    """Do all acts at once; what each came to, in their order."""
    start = Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        futures = [pool.submit(run, app, act, start) for act in acts]
        return [future.result(PATIENCE) for future in futures]


def queued(app: Flask, *acts: Act) -> list[object]:
    """Do the acts while the log is held: each waits, in this order where the database shows who does."""
    with app.app_context(), ThreadPoolExecutor(len(acts)) as pool:
        session = db.session()
        begin_write(session)
        decisions.lock_head(session)
        futures: list[Future[object]] = []
        for number, act in enumerate(acts, start=1):
            futures.append(pool.submit(run, app, act))
            until_waiting(number)
        session.rollback()
        return [future.result(PATIENCE) for future in futures]


def until_waiting(number: int) -> None:
    """Return once so many connections wait for a lock; at once on SQLite, which does not tell."""
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.connect() as connection:
        for _ in range(50_000):
            if connection.execute(WAITERS).scalar_one() >= number:
                return
            connection.rollback()
    raise AssertionError(f"{number} connections never came to wait")
