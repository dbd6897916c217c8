"""A full disk: who sends keeps every word, who reads notices nothing, and with room again all goes on by itself."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy import make_url

from tests import databases
from tests.deploy import machines
from tests.deploy.crowd import HOME
from tests.faults import disk
from tests.faults.site import Site, assert_is_whole, running, with_keeper
from tests.web.steps import LANGUAGES

READ = (HOME, "/az/20-january/", "/ru/20-january/tributes/", "/tr/20-january/archive/", "/en/search?q=silence")
WORDS = "I remember the silence, and it was written while the disk was full: {}."


def test_while_the_disk_is_full_no_word_is_lost_and_reading_goes_on(app: Flask, database: str, tmp_path: Path) -> None:
    with_keeper(database)
    is_sqlite = make_url(database).get_backend_name() == "sqlite"
    with ExitStack() as stack:
        small = stack.enter_context(disk.mounted(tmp_path / "small" / "instance"))
        if is_sqlite:
            moved = shutil.move(str(make_url(database).database), small.folder / "tribute.db")
            database = f"sqlite:///{moved}"
        site = stack.enter_context(running(database, small.folder))
        assert site.ask(HOME).status == 200
        forms = {lang: site.open_form(lang, message=WORDS.format(lang)) for lang in LANGUAGES}
        small.fill()
        for lang, form in forms.items():
            answer = site.send(form, lang)
            if is_sqlite:
                assert_is_kind(app, answer.status, answer.body.decode(), lang)
            else:  # only what is counted lies there: each process counts by itself meanwhile
                assert answer.status == 303
        assert_reads(site)
        assert site.ask("/readyz").status == 200
        assert b'"disk":"low"' in site.ask("/readyz").body.replace(b" ", b"")
        small.free()
        for lang, form in forms.items():
            assert site.send(form, lang).status == 303
        assert_reads(site)
        assert_is_whole(site)
        assert site.machine.process
        assert site.machine.process.poll() is None, site.machine.log()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # of the application that knows the sentences
def test_while_postgresqls_own_disk_is_full_the_same(app: Flask, tmp_path: Path) -> None:
    with ExitStack() as stack:
        apart = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tribute-disk-")))
        apart.chmod(0o711)  # PostgreSQL's user must get through
        small = stack.enter_context(disk.mounted(apart / "small", "120m"))
        cluster = stack.enter_context(machines.cluster(small.folder))
        databases.furnish(cluster.url)
        with_keeper(cluster.url)
        site = stack.enter_context(running(cluster.url, tmp_path / "instance"))
        forms = {lang: site.open_form(lang, message=WORDS.format(lang)) for lang in LANGUAGES}
        small.fill()
        for lang, form in forms.items():
            answer = site.send(form, lang)
            assert_is_kind(app, answer.status, answer.body.decode(), lang)
        assert_reads(site)
        small.free()
        for lang, form in forms.items():
            assert site.send(form, lang).status == 303
        assert_is_whole(site)


def assert_is_kind(app: Flask, status: int, page: str, lang: str) -> None:
    """The answer says in the visitor's language what is, and holds the words."""
    with app.test_request_context(), force_locale(lang):
        sentence = gettext(
            "The site could not write it down. Your words are kept below; please try again in a few minutes."
        )
    assert (status, sentence in page, WORDS.format(lang) in page) == (503, True, True), page


def assert_reads(site: Site) -> None:
    """Pages that were asked for before, and pages that were not."""
    assert [site.ask(path).status for path in READ] == [200] * len(READ)
