"""Holds the floors of pyproject.toml with import-linter: imports only go down.

import-linter takes packages only and wants every package it is told of. The top level also has single modules (app.py,
wiring.py, config.py), and a room may not be built yet. So it is shown a folder of links: the rooms that are on disk,
each module as a package.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import orjson

ROOT = Path(__file__).resolve().parent.parent


def rooms_on_disk(root: Path, names: list[str]) -> list[str]:
    """Those of `names` that are a folder or a module in `root`."""
    return [name for name in names if (root / name).is_dir() or (root / f"{name}.py").is_file()]


def link(root: Path, name: str, tree: Path) -> None:
    """Link one room into `tree` as a package."""
    if (root / name).is_dir():
        (tree / name).symlink_to(root / name)
    else:
        (tree / name).mkdir()
        (tree / name / "__init__.py").symlink_to(root / f"{name}.py")


def narrowed(contract: dict[str, object], rooms: list[str]) -> dict[str, object] | None:
    """The contract with the rooms that exist; None when nothing is left to hold."""
    kept = dict(contract)
    for key in ("source_modules", "forbidden_modules"):
        modules = contract.get(key)
        if isinstance(modules, list):
            kept[key] = [module for module in modules if module in rooms]
            if not kept[key]:
                return None
    return kept


def toml(settings: dict[str, object], contracts: list[dict[str, object]]) -> str:
    """The configuration import-linter reads. JSON strings and lists are valid TOML values."""

    def lines(table: dict[str, object]) -> str:
        return "".join(f"{key} = {orjson.dumps(value).decode()}\n" for key, value in table.items())

    head = "[tool.importlinter]\n" + lines(settings)
    return head + "".join("[[tool.importlinter.contracts]]\n" + lines(contract) for contract in contracts)


def check(root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the rooms of `root`; the result has its return code and what it printed."""
    house = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rooms = rooms_on_disk(root, house["root_packages"])
    if not rooms:
        return subprocess.CompletedProcess([], 0, "no rooms yet", "")
    contracts = [kept for contract in house["contracts"] if (kept := narrowed(contract, rooms))]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for room in rooms:
            link(root, room, tree)
        (tree / "floors.toml").write_text(toml({"root_packages": rooms}, contracts), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
        command += ["--config", "floors.toml"]
        environ = os.environ | {"PYTHONPATH": "."}
        return subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    result = check()
    print("layers: kept" if result.returncode == 0 else result.stdout + result.stderr)
    sys.exit(result.returncode)
