"""The server loses power while many write through HTTP: every step that was acknowledged is there, none by halves."""

import contextlib
import http.client
import json
import threading
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pytest

from store.engine import open_engine
from tests.accounts import add, enter
from tests.recount import assert_counts_equal_a_recount
from tests.servers.app import CASES, CONFIG, SOUTH, WEST, ZONE, AppServer, make_cases, write_areas
from tests.servers.processes import Account, free_port

WRITERS, ENOUGH = 8, 40
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def app() -> Iterator[AppServer]:
    with Account(None).folder("gridhall-cut-") as folder:
        write_areas(folder)
        (folder / "zh_CN.toml").write_text(
            CONFIG.format(language="zh_CN") + CASES.format(name="hall", pin=(WEST, SOUTH))
        )
        make_cases(np.random.default_rng(5), "h", 200, datetime.now(ZONE)).to_csv(folder / "hall.csv", index=False)
        app = AppServer(folder, free_port())
        app.sync()
        engine = open_engine(f"sqlite:///{folder}/var/gridhall.db")
        enter(engine, add(engine, "intake", "intake"), "token-of-intake")
        engine.dispose()
        app.start()
        yield app
        app.stop()


class Writers:
    """Clients that add notes to cases of their own until nobody answers any more."""

    def __init__(self, app: AppServer) -> None:
        self.app = app
        self.acknowledged: dict[int, int] = defaultdict(int)
        self.refused: list[int] = []
        self.enough = threading.Event()

    def write_on(self, case: int) -> None:
        """One writer: note after note, each with the version that the last answer told."""
        version = 0
        with contextlib.suppress(OSError, http.client.HTTPException, json.JSONDecodeError):
            while True:
                try:
                    version = self.note(case, version)
                except urllib.error.HTTPError as error:  # an answer, and not the one that was asked for
                    self.refused.append(error.code)
                    return
                self.acknowledged[case] = version
                if sum(self.acknowledged.values()) >= ENOUGH:
                    self.enough.set()

    def note(self, case: int, version: int) -> int:
        """Post a note; the version that it was acknowledged with."""
        asked = {
            "case": case, "move": "note", "version": version, "fields": {"text": f"note {version}"},
            "once": f"{case}-{version}", "seen": 0,
        }  # fmt: skip
        headers = {
            "Cookie": "gridhall=token-of-intake", "Content-Type": "application/json", "Origin": self.app.url,
            "Sec-Fetch-Site": "same-origin",
        }  # fmt: skip
        request = urllib.request.Request(f"{self.app.url}/moves", json.dumps(asked).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(json.load(answer)["version"])


def test_no_acknowledged_step_is_lost_when_the_power_goes(app, tmp_path):
    cases = [
        case for (case,) in app.rows("SELECT id FROM cases WHERE status IN ('handling', 'registered') LIMIT ?", WRITERS)
    ]
    writers = Writers(app)
    threads = [threading.Thread(target=writers.write_on, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    assert writers.enough.wait(60)
    app.kill()
    for thread in threads:
        thread.join(30)
    kept = dict(app.rows("SELECT case_id, version FROM casework"))
    notes = dict(app.rows("SELECT case_id, count(*) FROM case_steps WHERE move = 'note' GROUP BY case_id"))
    seen = dict(app.rows("SELECT subject, count(*) FROM audit WHERE action = 'case.move' GROUP BY subject"))
    assert sum(writers.acknowledged.values()) >= ENOUGH
    assert writers.refused == []
    assert kept == notes == {int(subject.removeprefix("case:")): n for subject, n in seen.items()}
    assert all(0 <= kept.get(case, 0) - writers.acknowledged[case] <= 1 for case in cases)
    engine = open_engine(f"sqlite:///{app.folder}/var/gridhall.db")
    assert_counts_equal_a_recount(engine, "Asia/Shanghai", tmp_path)
    engine.dispose()
    app.start()
    first, version = next(iter(kept.items()))
    assert writers.note(first, version - 1) == version, "a form that is sent again makes no second step"
    assert writers.note(first, version) == version + 1
