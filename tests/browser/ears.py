"""What a browser says under its breath: errors, refusals by the policy, requests to others."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# A page or a sending that is refused on purpose is answered 4xx or 503.
REFUSED = tuple(f"Failed to load resource: the server responded with a status of {code}" for code in ("4", "503"))


class Ears:
    """Listens to every page of a context."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.complaints: list[str] = []
        self._home = home
        self._documents: set[str] = set()
        context.on("console", self._said)
        context.on("weberror", self._failed)
        context.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        if request.resource_type == "document" or request.method == "POST":
            self._documents.add(request.url)
        if not request.url.startswith((self._home, "data:", "blob:", "about:")):
            self.complaints.append(f"asked another host: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        is_refused_page = message.text.startswith(REFUSED)
        if is_refused_page and message.location["url"] in self._documents:
            return  # the browser says this of every page and sending that is answered 4xx, such as a form with errors
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.complaints.append(f"{error.page.url if error.page else ''}: {error.error}")
