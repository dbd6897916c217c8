"""article import, export, list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.cli.conftest import Run, done, refused

TEXT = """20 January - a day of memory

Years  have passed, and the city remembers.

Those who went out that night did not come home.\x20

Allah rəhmət eləsin!

Search in archive"""
TO = ("--memorial", "20-january", "--language", "en", "--edition", "2024")
ADDRESS = "/en/20-january/editions/2024/"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The keeper's file."""
    made = tmp_path / "article.txt"
    made.write_text(TEXT, "utf-8")
    return made


def test_a_text_is_taken_as_it_is(run: Run, cast: Cast, file: Path) -> None:
    said = done(run("article", "import", str(file), *TO, "--issuer", "The keeper", "--issued", "2024-01-20"))
    assert "Added" in said
    assert "Closing line (az): Allah rəhmət eləsin!" in said
    assert "Search in archive" in said
    page = cast.visitor.get(ADDRESS).text
    assert "20 January - a day of memory" in page
    assert "Years  have passed, and the city remembers." in page
    assert 'lang="az"' in page
    assert "Search in archive" not in page
    assert "The keeper" in page
    assert "34" in page  # counted to the edition's year
    assert ADDRESS in cast.visitor.get("/en/20-january/editions/").text


def test_the_same_file_twice_changes_nothing_and_says_so(run: Run, file: Path) -> None:
    done(run("article", "import", str(file), *TO))
    assert "Nothing changed" in done(run("article", "import", str(file), *TO))


def test_another_text_for_the_same_edition_replaces_it(run: Run, cast: Cast, file: Path) -> None:
    done(run("article", "import", str(file), *TO))
    file.write_text(TEXT.replace("a day of memory", "a day of mourning"), "utf-8")
    assert "Replaced" in done(run("article", "import", str(file), *TO))
    assert "a day of mourning" in cast.visitor.get(ADDRESS).text


def test_export_gives_back_what_was_imported(run: Run, file: Path) -> None:
    done(run("article", "import", str(file), *TO))
    assert run("article", "export", *TO).stdout_bytes == file.read_bytes()


def test_a_shipped_article_can_be_exported_and_brought_in_again(run: Run, tmp_path: Path) -> None:
    standing = ("--memorial", "20-january", "--language", "az")
    kept = tmp_path / "az.md"
    kept.write_bytes(run("article", "export", *standing).stdout_bytes)
    assert "Nothing changed" in done(run("article", "import", str(kept), *standing))


BAD = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "not UTF-8": ("Title\n\nсвет".encode("cp1251"), "line 3: this is not UTF-8"),
    "too large": (b"Title\n\n" + b"x" * 1024 * 1024, "larger than 1 MiB"),
    "not text": (b"Title\n\na\x00b", "line 3"),
    "no title": (b"---\nsummary: x\n---\nText", "no title"),
    "only a title": (b"Title\n", "no text below"),
}


@pytest.mark.parametrize("why", BAD)
def test_a_file_that_is_no_article_is_refused_and_nothing_changes(run: Run, cast: Cast, file: Path, why: str) -> None:
    done(run("article", "import", str(file), *TO))
    before = cast.visitor.get(ADDRESS).text
    written, reason = BAD[why]
    file.write_bytes(written)
    assert reason in refused(run("article", "import", str(file), *TO))
    assert cast.visitor.get(ADDRESS).text == before


def test_an_unknown_memorial_is_said_to_be_unknown(run: Run, file: Path) -> None:
    assert "not" in refused(run("article", "import", str(file), "--memorial", "elsewhere", "--language", "en"))


def test_every_article_is_listed(run: Run, file: Path) -> None:
    done(run("article", "import", str(file), *TO))
    lines = done(run("article", "list")).splitlines()
    assert len(lines) == 5
    assert any("2024" in line and "a day of memory" in line for line in lines)
