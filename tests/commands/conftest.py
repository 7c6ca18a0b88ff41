"""Real cities, each imported once a run, and a small town for the faults."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import app
import wiring
from tests.commands.program import EXAMPLES, Program, Ran
from tests.commands.smalltown import SmallTown


@pytest.fixture(scope="session")
def imported(shared_data, tmp_path_factory):
    """A function that imports an example, once a run, and gives the program and what the import said."""
    done = {}

    def of(name: str, url: str = "") -> tuple[Program, list[dict[str, Any]]]:
        if (name, url) not in done:
            environ = {"GRIDHALL_DATA": str(shared_data)} | ({"GRIDHALL_STORE_URL": url} if url else {})
            program = Program(tmp_path_factory.mktemp(name) / "var", EXAMPLES / f"{name}.toml", environ)
            done[name, url] = program, program.told("sync", "--once", "--json")
        return done[name, url]

    return of


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def boston(request, imported) -> tuple[Program, list[dict[str, Any]]]:
    """Boston on both stores, and what its first import said."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_server")()
    return imported("boston", url)


@pytest.fixture(scope="session")
def los_angeles(imported) -> tuple[Program, list[dict[str, Any]]]:
    """The four exports of Los Angeles, and what their first import said."""
    return imported("la")


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Program:
    """The demo town, seeded as an operator would."""
    folder: Path = tmp_path_factory.mktemp("demo")
    program = Program(folder / "var")
    ran = program.run("seed")
    assert ran.code == 0, ran
    return program


@pytest.fixture
def town(tmp_path) -> SmallTown:
    """A folder with settings, boundaries and a file of cases; nothing imported yet."""
    return SmallTown(tmp_path)


@pytest.fixture
def run(monkeypatch, capsys) -> Callable[..., Ran]:
    """Run a command in this process, which spares its start; what it says and how it ends is the same."""

    def command(program: Program, *words: str) -> Ran:
        for key, value in program.environment.items():
            monkeypatch.setenv(key, value)
        monkeypatch.chdir(program.var.parent)
        capsys.readouterr()
        try:
            code = app.main(list(words))
        except SystemExit as ended:  # argparse
            code = int(ended.code or 0)
        finally:
            if wiring.house.cache_info().currsize:
                wiring.house().engine.dispose()
            wiring.house.cache_clear()
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return command
