"""A run of answers as pages: where the next one begins, what was given already, what is left out as known."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from datasources.contract import Clock, Cursor, Page
from datasources.errors import BadDataError, SourceError, TemporaryError
from datasources.pulling.frames import columns_of, frame_of
from datasources.pulling.since import Known, Since, mark

MOST_ANSWERS = 100_000


class EnoughError(TemporaryError):
    """We may not ask again for a while: what was read so far counts, and the next run goes on from there."""


@dataclass(frozen=True)
class Portion:
    """One answer: its items in groups of a page each; mark: a hash of them; follow(), once they are read: where to go on.

    origin: what people call the place. total: items of all answers (0 = unknown). gone: what the position named is no more.
    """

    groups: Iterator[Sequence[Any]]
    mark: str
    origin: str
    follow: Callable[[int], Any] = lambda _count: None
    total: int = 0
    gone: bool = False


Ask = Callable[[Any, str | None, bool], Portion]
"""(position, since, resumed) → the answer there; None as a position is the end of a run."""


@dataclass
class _Run:
    """Where a run stands. since, known, seen: what earlier runs left; the rest is its own.

    at: position of the answer; row: items of it given already; number: which answer; rows: items of those before it.
    """

    since: float | None
    known: Known
    seen: list[str]
    at: Any
    row: int = 0
    number: int = 0
    rows: int = 0
    latest: float | None = None
    fresh: Known = field(default_factory=list)
    before: str = ""

    def cursor(self) -> Cursor:
        """To go on in the middle."""
        run = {
            "at": self.at, "row": self.row, "number": self.number, "rows": self.rows, "latest": self.latest,
            "fresh": list(self.fresh), "before": self.before,
        }  # fmt: skip
        return {"since": self.since, "known": self.known, "seen": list(self.seen), "run": run}


@dataclass
class Pull:
    """Reads answer after answer, from begin(whether it is the first run) until one names no further position.

    Cursor of a finished run: {"since", "known", "seen"}: the latest time of a record, marks of rows within the overlap,
    and the mark of each answer (without a time, answers that are as they were give no row). In the middle also "run".
    """

    begin: Callable[[bool], Any]
    clock: Clock
    since: Since | None = None
    columns: Sequence[str] = ()
    _parked: tuple[Cursor | None, Cursor] | None = None

    def pages(self, ask: Ask, cursor: Cursor | None) -> Iterator[Page]:
        """What is new since cursor. A run that was broken off is finished first; where it brings nothing, a new one begins."""
        parked, self._parked = self._parked, None
        if parked and parked[0] == cursor:
            yield from self._held(ask, _resumed(parked[1]), cursor, resumed=True)
            return
        try:
            broken_off = _resumed(cursor) if cursor and cursor.get("run") else None
            anew = _fresh(cursor, self.begin)
        except (KeyError, TypeError, AttributeError) as error:
            raise BadDataError("the cursor is not this source's own; read it afresh (sync --once)") from error
        given = False
        for page in self._held(ask, broken_off, cursor, resumed=True) if broken_off else ():
            given = True
            yield page
        if not given:
            yield from self._held(ask, anew, cursor, resumed=False)

    def _held(self, ask: Ask, run: _Run, cursor: Cursor | None, *, resumed: bool) -> Iterator[Page]:
        """The pages, one held back: the last of a run says that the run is finished.

        Where we may not ask on, the place is remembered for who comes back with the cursor that was handed out last.
        """
        held: Page | None = None
        try:
            for step in self._run(ask, run, resumed=resumed):
                if isinstance(step, dict):
                    held = held and replace(held, cursor=step)
                    continue
                if held is not None:
                    yield held
                held = step
        except EnoughError:
            self._parked = (held.cursor if held else cursor, run.cursor())
            if held is not None:
                yield held
            return
        except SourceError:
            if held is not None:
                yield held
            raise
        if held is not None:
            yield replace(held, cursor=self._finished(run), total=held.done)

    def _run(self, ask: Ask, run: _Run, *, resumed: bool) -> Iterator[Page | Cursor]:
        """The pages, and after each answer the cursor that goes on behind it."""
        for _answer in range(MOST_ANSWERS):
            portion = ask(run.at, self.since.begin(run.since) if self.since else None, resumed)
            if portion.gone:
                return
            before, resumed = run.before, False
            yield from self._portion(run, portion)
            if run.row and portion.mark == before:
                raise BadDataError(f"{portion.origin} gives the same answer again and again; correct options.paging")
            position = portion.follow(run.rows + run.row)
            if position is None or position == run.at:
                return
            run.at, run.row, run.number, run.rows, run.before = (
                position, 0, run.number + 1, run.rows + run.row, portion.mark,
            )  # fmt: skip
            yield run.cursor()
        raise BadDataError(f"{portion.origin} leads from answer to answer without end; correct options.paging")

    def _portion(self, run: _Run, portion: Portion) -> Iterator[Page]:
        skip, at = run.row, 0
        is_known = not skip and self.since is None and portion.mark == _mark_at(run)
        for group in portion.groups:
            start, at = at, at + len(group)
            given = len(group) if is_known else max(0, skip - start)
            first = run.rows + start + given + 1
            run.row = max(at, skip)
            numbers, new = self._new(run, range(first, run.rows + at + 1), group[given:])
            if at >= skip and not is_known:
                _remember(run, portion.mark)
            if new:
                yield self._page(run, portion, numbers, new, columns_of(group, self.columns))

    def _new(self, run: _Run, numbers: Sequence[int], items: Sequence[Any]) -> tuple[Sequence[int], Sequence[Any]]:
        """Without the rows that an earlier run has given; what this one gives is remembered."""
        if self.since is None:
            return numbers, items
        known, at_rows, new = {each[1] for each in run.known}, [], []
        for number, item in zip(numbers, items, strict=True):
            at = self.since.read(item)
            if at is not None:
                found = mark(item)
                run.latest = at if run.latest is None else max(run.latest, at)
                run.fresh.append([at, found])
                if found in known:
                    continue
            at_rows.append(number)
            new.append(item)
        run.fresh = self.since.kept(run.fresh, run.latest)
        return at_rows, new

    def _page(
        self, run: _Run, portion: Portion, numbers: Sequence[int], new: Sequence[Any], columns: list[str]
    ) -> Page:  # fmt: skip
        frame, rows, unreadable = frame_of(new, numbers, columns)
        done = run.rows + run.row
        total = max(portion.total, done) if portion.total else 0
        return Page(frame, portion.origin, numbers[0], run.cursor(), done, total, rows, unreadable)

    def _finished(self, run: _Run) -> Cursor:
        """A record from the future must not hide those of today: no later than now."""
        seen = run.seen[: run.number + 1]
        if self.since is None or run.latest is None:
            return {"since": run.since, "known": run.known, "seen": seen}
        since = max(min(run.latest, self.clock()), run.since or float("-inf"))
        return {"since": since, "known": self.since.kept([*run.known, *run.fresh], since), "seen": seen}


def _fresh(cursor: Cursor | None, begin: Callable[[bool], Any]) -> _Run:
    if cursor is None:
        return _Run(None, [], [], begin(True))
    whole = cursor["run"]["number"] if cursor.get("run") else None  # of the answer broken off not all was given
    return _Run(cursor["since"], list(cursor["known"]), list(cursor["seen"])[:whole], begin(False))


def _resumed(cursor: Cursor) -> _Run:
    own = {**cursor["run"], "fresh": list(cursor["run"]["fresh"])}
    return _Run(cursor["since"], list(cursor["known"]), list(cursor["seen"]), **own)


def _mark_at(run: _Run) -> str | None:
    return run.seen[run.number] if run.number < len(run.seen) else None


def _remember(run: _Run, found: str) -> None:
    run.seen = [*run.seen[: run.number], *[""] * (run.number - len(run.seen)), found, *run.seen[run.number + 1 :]]
