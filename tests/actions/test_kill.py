"""kill -9 in the middle of writing: what was said to be done is there, and nothing is there by halves."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WRITERS, TIMES, LINES = 3, 2, 25


def written(town, folder: Path, name: str) -> subprocess.Popen[str]:
    url = town.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.actions.scribe", url, str(folder), name]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("time", range(TIMES))
def test_what_was_acknowledged_survives_and_nothing_is_there_by_halves(town, tmp_path, time):
    scribes = [written(town, tmp_path, f"scribe-{n}") for n in range(WRITERS)]
    told: list[tuple[int, int]] = []
    try:
        for scribe in scribes:
            told += [_line(scribe) for _ in range(LINES + time)]
    finally:
        for scribe in scribes:
            scribe.send_signal(signal.SIGKILL)
    for scribe in scribes:
        with scribe:  # the same reader to the end: another would begin behind what this one holds already
            told += [(int(case), int(version)) for case, version in map(str.split, scribe.stdout)]
    kept = dict(town.rows("SELECT case_id, version FROM casework"))
    steps = dict(town.rows("SELECT case_id, count(*) FROM case_steps GROUP BY case_id"))
    notes = dict(town.rows("SELECT subject, count(*) FROM audit GROUP BY subject"))
    assert told and all(kept[case] >= version for case, version in told)
    assert kept == steps == {int(key.removeprefix("case:")): n for key, n in notes.items()}
    assert set(kept) == {case for (case,) in town.rows("SELECT id FROM cases")}


def _line(scribe: subprocess.Popen[str]) -> tuple[int, int]:
    line = scribe.stdout.readline()
    assert line, scribe.stderr.read()
    case, version = line.split()
    return int(case), int(version)
