"""`flask tribute …`: one file a group of commands, each loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DatabaseError

from tribute.cli.tools import refuse

# The command, and the module under tribute.cli that holds it: the server never loads what only a command needs.
COMMANDS = {
    "prepare": "setup", "migrate": "setup", "check": "setup", "demo": "demo", "erase": "setup",
    "memorial": "memorial", "article": "article", "people": "people", "reindex": "index", "rerender": "index",
    "log": "log", "work": "work", "backup": "backup", "restore": "backup", "triage": "triage",
    "export": "export", "import": "export", "move": "move",
}  # fmt: skip


class LazyGroup(AppGroup):
    """A group that imports a command's module when the command is asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command within the application, however it was started."""
        app = ctx.ensure_object(ScriptInfo).load_app()
        with app.app_context():
            try:
                return super().invoke(ctx)
            except DatabaseError as error:
                refuse(error)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from its module."""
        if cmd_name not in COMMANDS:
            return None
        held = vars(import_module(f"tribute.cli.{COMMANDS[cmd_name]}")).values()
        return next(found for found in held if isinstance(found, click.Command) and found.name == cmd_name)


def init_app(app: Flask) -> None:
    """Add the group to Flask's commands."""
    app.cli.add_command(LazyGroup("tribute", help="Look after a Tribute installation."))
