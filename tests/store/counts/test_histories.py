"""Whatever happens to cases, in whatever order, every figure is what the rows say, in every process."""

import shutil
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from store.counts.reader import Slice
from store.counts.seal import seal
from store.counts.verify import rebuild, verify
from store.engine import read, write
from store.schema import cases, checkpoints, count_batch
from tests.store.counts.world import AREA_IDS, CATEGORIES, DAY, SOURCES, START, WHOLE, World, assert_equal

PARTS = (
    WHOLE, Slice(ranges=()), Slice(ranges=((1, 4),)), Slice(ranges=((0, 1), (2, 3), (4, 7)), categories=(1, 3)),
    Slice(ranges=((0, 7),), kinds=(1,), sources=(2,)), Slice(ranges=((2, 7),), placings=(0, 3), sources=(1,), categories=(2,)),
)  # fmt: skip
DAYS = 9

case_ids = st.integers(1, 12)
moments = st.integers(0, DAYS * DAY - 1).map(lambda seconds: START + seconds)
maybe = st.none() | moments


class Histories(RuleBasedStateMachine):
    """One store; the machine is given a fresh one by `world`."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        with write(self.world.engine) as connection:
            for table in (cases, count_batch, checkpoints):
                connection.execute(table.delete())
        shutil.rmtree(self.world.folder, ignore_errors=True)
        self.process = self.world.counts()

    def change(self, case: int, **columns: Any) -> None:
        self.world.write((case, columns))

    @rule(
        case=case_ids, at=moments, due=maybe, response=maybe, area=st.sampled_from(AREA_IDS),
        placing=st.integers(0, 3), kind=st.integers(0, 1), category=st.sampled_from(CATEGORIES),
        source=st.sampled_from(SOURCES), online=st.sampled_from([None, True, False]),
    )  # fmt: skip
    def arrives_or_comes_again(self, case, at, due, response, area, placing, kind, category, source, online):
        self.change(
            case, reported_at=at, due_at=due, first_response_at=response, area_id=area, placing=placing, kind=kind,
            category_id=category, source_id=source, online=online,
        )  # fmt: skip

    @rule(case=case_ids, area=st.sampled_from(AREA_IDS), placing=st.integers(0, 3))
    def moves(self, case, area, placing):
        self.change(case, area_id=area, placing=placing)

    @rule(case=case_ids, category=st.sampled_from(CATEGORIES))
    def changes_category(self, case, category):
        self.change(case, category_id=category)

    @rule(case=case_ids, status=st.sampled_from(["closed", "refused", "self_handled"]), at=moments)
    def ends(self, case, status, at):
        self.change(case, status=status, closed_at=at, ended_at=at)

    @rule(case=case_ids, status=st.sampled_from(["handling", "void", "merged"]))
    def reopens_or_is_void_or_merged(self, case, status):
        self.change(case, status=status, ended_at=None)

    @rule(case=case_ids, level=st.none() | st.integers(0, 2))
    def is_rated_or_its_rating_corrected(self, case, level):
        self.change(case, level=level)

    @rule(case=case_ids, overdue=st.booleans())
    def is_marked_overdue(self, case, overdue):
        self.change(case, overdue=overdue)

    @rule(one=case_ids, other=case_ids)
    def many_change_in_one_write(self, one, other):
        changes = [(case, {"status": "handling", "level": None}) for case in sorted({one, other})]
        self.world.write(*changes, (99, None))

    @rule()
    def is_sealed(self):
        seal(self.world.engine, self.world.folder, now=START)

    @rule()
    def loses_its_files(self):
        shutil.rmtree(self.world.folder, ignore_errors=True)

    @rule()
    def is_rebuilt(self):
        rebuild(self.world.engine, self.world.folder, self.world.zone, now=START)

    @rule()
    def another_process_starts(self):
        self.process = self.world.counts()

    @invariant()
    def every_figure_is_what_the_rows_say(self):
        with read(self.world.engine) as connection:
            rows = self.world.rows(connection)
        assert_equal(self.process.snapshot(), rows, PARTS)

    def teardown(self) -> None:
        with read(self.world.engine) as connection:
            rows = self.world.rows(connection)
            assert_equal(self.world.counts().at(connection), rows, PARTS)
        assert verify(self.world.engine, self.world.zone, self.world.folder) == []


@pytest.mark.parametrize("slabs", ["few", "many"])
def test_any_history_gives_the_figures_of_the_rows_it_leaves(world, slabs, monkeypatch):
    if slabs == "many":
        monkeypatch.setattr("store.counts.building._LEAST_REST", 1)
        monkeypatch.setattr("store.counts.folders._LEAST_SMALL", 20)
        monkeypatch.setattr("store.counts.folders.PORTION", 40)
        monkeypatch.setattr("store.counts.seal.PORTION", 40)
        monkeypatch.setattr("store.counts.tail.PORTION", 40)
        monkeypatch.setattr("store.counts.tail.FRESH", 10)
    Here = type("Here", (Histories,), {"world": world})  # noqa: N806
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=12 if world.engine.dialect.name == "sqlite" else 6, stateful_step_count=18, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
