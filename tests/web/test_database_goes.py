"""A database that goes while an answer is on its way: the answer arrives, and the next request has a new connection."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from sqlalchemy import text

from tests import databases
from tests.cast import FORM, Cast
from tribute.extensions import db


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_a_page_that_is_made_arrives_though_the_connection_is_gone(app: Flask, cast: Cast) -> None:
    ended: list[int] = []

    @app.after_request
    def _end(response: Response) -> Response:
        if not ended:
            ended.append(db.session.execute(text("SELECT pg_backend_pid()")).scalar_one())
            databases.run("SELECT pg_terminate_backend(:number ::int)", number=str(ended[0]))
        return response

    assert cast.client().get(FORM).status_code == 200
    assert ended
    assert cast.client().get(FORM).status_code == 200
