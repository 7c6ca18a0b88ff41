"""Real cities, each imported once a run, and a small town for the faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.program import EXAMPLES, Program


@pytest.fixture(scope="session")
def imported(shared_data, tmp_path_factory):
    """A function that imports an example, once a run, and gives the program and what the import said."""
    done = {}

    def of(name: str, url: str = "") -> tuple[Program, list[dict]]:
        if (name, url) not in done:
            environ = {"GRIDHALL_DATA": str(shared_data)} | ({"GRIDHALL_STORE_URL": url} if url else {})
            program = Program(tmp_path_factory.mktemp(name) / "var", EXAMPLES / f"{name}.toml", environ)
            done[name, url] = program, program.told("sync", "--once", "--json")
        return done[name, url]

    return of


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def boston(request, imported) -> tuple[Program, list[dict]]:
    """Boston on both stores, and what its first import said."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_server")()
    return imported("boston", url)


@pytest.fixture(scope="session")
def los_angeles(imported) -> tuple[Program, list[dict]]:
    """The four exports of Los Angeles, and what their first import said."""
    return imported("la")


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Iterator[Program]:
    """The demo town, seeded as an operator would."""
    folder: Path = tmp_path_factory.mktemp("demo")
    program = Program(folder / "var")
    ran = program.run("seed")
    assert ran.code == 0, ran
    yield program  # noqa: PT022
