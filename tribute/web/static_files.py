"""Static files, answered before Flask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from whitenoise import WhiteNoise

from tribute.web.shell import STATIC

HASHED = r"\.[0-9a-f]{8}\."  # names that the build made: their content never changes


class StaticFiles(WhiteNoise):
    """WhiteNoise with what guards a reader on each of its answers; by itself it adds headers to whole files alone."""

    def __init__(self, inner: Any, guards: dict[str, str]) -> None:
        """Stand before an application; `guards` are headers."""
        super().__init__(
            inner, root=str(STATIC), prefix="static/", immutable_file_test=HASHED, allow_all_origins=False
        )  # fmt: skip
        self._guards = list(guards.items())

    def serve(  # type: ignore[override]  # a static method there, called through the object
        self, static_file: Any, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer with a file, a part of one, or why not."""

        def start(status: str, headers: list[tuple[str, str]]) -> Any:
            return start_response(status, [*headers, *self._guards])

        answer: Iterable[bytes] = WhiteNoise.serve(static_file, environ, start)
        return answer
