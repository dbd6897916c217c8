"""An export's zip file, opened with distrust: nothing is unpacked to disk, every length is bounded, every sum compared.

What does not fit is refused with the file, the line and the reason.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tribute.domain.errors import BadSetup
from tribute.services import schema
from tribute.services.export import FORMAT, MANIFEST, rows_file
from tribute.services.holdings import HELD

MOST_FILES = 10_000
LONGEST_MANIFEST = 8 * 1024 * 1024  # bytes
LONGEST_LINE = 16 * 1024 * 1024  # bytes of one row; an article has 1 MiB at the most
PIECE = 1024 * 1024
DENSEST = 200  # bytes that one packed byte may become: rows become some ten, a zip bomb a thousand
SMALL = 4 * 1024 * 1024  # bytes below which that does not matter

UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, NotImplementedError, RuntimeError, ValueError,
    KeyError, IndexError, OverflowError, MemoryError,
)  # fmt: skip
Number = Annotated[int, Field(ge=0, lt=1 << 63)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class FileSum(_Strict):
    """What the manifest says of a file."""

    bytes: Number
    sha256: str


class Head(_Strict):
    """Where the log stood."""

    number: Number
    digest: str


class Manifest(_Strict):
    """What an export says of itself."""

    format: int
    made_at: str
    schema_: str = Field(alias="schema")
    rows: dict[str, Number]
    log: Head
    files: dict[str, FileSum]


class Parcel:
    """An export that can be read: its names are its manifest's, and its version is this program's."""

    def __init__(self, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self.packed = packed
        self.manifest = manifest

    def verify(self) -> None:
        """Compare every file with its length and its sum. Raises BadSetup."""
        for name, expected in self.manifest.files.items():
            digest, size = hashlib.sha256(), 0
            with _opened(self.packed, name) as file:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
                    if size > expected.bytes:
                        break
            if (size, digest.hexdigest()) != (expected.bytes, expected.sha256):
                raise BadSetup(f"{name} is not the file that the manifest names: it was damaged or changed")

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """The lines of a table's rows, from 1 on, one at a time. Raises BadSetup."""
        with _opened(self.packed, rows_file(name)) as file:
            for number in range(1, self.manifest.rows[name] + 1):
                line = file.readline(LONGEST_LINE)
                if not line.endswith(b"\n"):
                    said = "is longer than any row" if len(line) == LONGEST_LINE else "is not there, or not whole"
                    raise BadSetup(f"{rows_file(name)}, line {number}: {said}")
                yield number, line
            if file.read(1):
                raise BadSetup(f"{rows_file(name)} has more lines than the manifest names")


@contextmanager
def opened(source: Path) -> Iterator[Parcel]:
    """Open an export. Raises BadSetup where it is none, or one of another version."""
    try:
        packed = zipfile.ZipFile(source)
    except UNREADABLE as error:
        raise BadSetup(f"{source} is not an export of this program, or is damaged ({error})") from error
    with packed:
        yield Parcel(packed, _manifest(packed, source))


def _manifest(packed: zipfile.ZipFile, source: Path) -> Manifest:
    names = packed.namelist()
    if MANIFEST not in names or len(names) > MOST_FILES:
        raise BadSetup(f"{source} is not an export of this program: it has no {MANIFEST}, or too many files")
    with _opened(packed, MANIFEST) as file:
        written = file.read(LONGEST_MANIFEST)
    try:
        found = Manifest.model_validate_json(written)
    except ValidationError as error:
        raise BadSetup(f"{MANIFEST} cannot be read: {first_reason(error)}") from error
    _check(found, names)
    return found


def _check(found: Manifest, names: list[str]) -> None:
    """Refuse what this program cannot bring in whole."""
    if found.format != FORMAT:
        raise BadSetup(f"this export has format {found.format}, and this program reads {FORMAT}")
    if found.schema_ != schema.head():
        raise BadSetup(
            f"this export was made at schema {found.schema_}, and this program is at {schema.head()}. "
            "Bring it in with the version of the program that made it, and then upgrade that installation"
        )
    if sorted(names) != sorted([*found.files, MANIFEST]):
        raise BadSetup(f"the files of this export are not those that its {MANIFEST} names")
    held = {holding.name for holding in HELD}
    if set(found.rows) != held or not {rows_file(name) for name in held} <= set(found.files):
        raise BadSetup(f"the tables of this export are not those of this program; see {MANIFEST}")


@contextmanager
def _opened(packed: zipfile.ZipFile, name: str) -> Iterator[Any]:
    """Open a file inside. Whatever breaks while it is read is a damaged export. Raises BadSetup."""
    try:
        entry = packed.getinfo(name)
        if entry.file_size > max(SMALL, DENSEST * entry.compress_size):
            raise BadSetup(f"{name} is packed more densely than any export: it is not unpacked")
        with packed.open(entry) as file:
            yield file
    except UNREADABLE as error:
        raise BadSetup(f"{name} is damaged ({error})") from error


def first_reason(error: ValidationError) -> str:
    """What is wrong first, and where, in a few words that hold nothing of what stands there."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]
