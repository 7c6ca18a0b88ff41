"""The program as people run it: a process of its own, with a folder of its own to write to."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import config
from store.engine import open_engine
from wiring import CONFIG_VARIABLE, House

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
LONGEST_SECONDS = 120


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it printed, when all of it is JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Program:
    """GridHall with one configuration and one folder for what it writes."""

    var: Path
    settings: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        mine = {key: value for key, value in os.environ.items() if not key.startswith("GRIDHALL_")}
        named = {CONFIG_VARIABLE: str(self.settings)} if self.settings else {}
        return mine | {"GRIDHALL_VAR": str(self.var)} | named | dict(self.environ)

    def start(self, *words: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        """Begin a command."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), *words], env=self.environment, cwd=self.var.parent, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before,  # noqa: PLW1509
        )  # fmt: skip

    def run(self, *words: str, before: Callable[[], None] | None = None) -> Ran:
        """A command from beginning to end."""
        with self.start(*words, before=before) as process:
            out, err = process.communicate(timeout=LONGEST_SECONDS)
        return Ran(process.returncode, out, err)

    def told(self, *words: str) -> list[dict[str, Any]]:
        """The JSON lines of a command that has to go well."""
        ran = self.run(*words)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran.lines

    def house(self) -> House:
        """The same store, opened by the test itself."""
        settings = config.load(self.settings, self.environment)
        return House(settings, open_engine(settings.store_url))


def clear_line(ran: Ran) -> str:
    """What a command said of bad input: one line, exit 2, no traceback."""
    assert ran.code == 2, ran
    assert ran.err.startswith("gridhall: ") and ran.err.count("\n") == 1 and ran.err.endswith("\n"), ran.err
    assert "Traceback" not in ran.err + ran.out
    return ran.err.removeprefix("gridhall: ").strip()
