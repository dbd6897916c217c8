"""A zip file written as it is sent: no more than a few pieces of it are ever in memory, and its sums are kept."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

PIECE = 64 * 1024  # bytes that are handed on at once


@dataclass(frozen=True)
class Sum:
    """What is known of a file inside: how many bytes it has, unpacked, and their SHA-256."""

    bytes: int
    sha256: str


class Sink:
    """Where the zip file is written to: it keeps what nobody has taken yet, and cannot go back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        """Keep it."""
        self.pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere."""

    def close(self) -> None:
        """Nothing is to be closed."""

    def take(self, least: int = PIECE) -> Iterator[bytes]:
        """Hand on what is here, if it is enough."""
        if self.size >= max(1, least):
            found, self.pieces, self.size = b"".join(self.pieces), [], 0
            yield found


class ZipStream:
    """Files one after another, each as pieces come; `close` ends the zip file, without which nobody can read it."""

    def __init__(self, at: datetime) -> None:
        self.at = at.timetuple()[:6]
        self.sink = Sink()
        self.zip = zipfile.ZipFile(self.sink, "w", zipfile.ZIP_DEFLATED)
        self.sums: dict[str, Sum] = {}

    def file(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Write a file; yields what can be sent meanwhile."""
        entry = zipfile.ZipInfo(name, self.at)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        size, digest = 0, hashlib.sha256()
        with self.zip.open(entry, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
                yield from self.sink.take()
        self.sums[name] = Sum(size, digest.hexdigest())

    def close(self) -> Iterator[bytes]:
        """Write where each file begins, and yield what is left."""
        self.zip.close()
        yield from self.sink.take(least=1)
