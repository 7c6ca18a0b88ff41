"""GridHall beside what one would use instead: every figure is a ratio measured in one run (benchmarks/README.md)."""

import importlib
import sys
from collections.abc import Iterable

SIZES: dict[str, tuple[int, ...]] = {
    "ingest": (100_000,), "counts": (100_000, 1_000_000), "heat": (1_000_000,), "readings": (100_000,),
    "rest": (100_000, 200), "mqtt": (50_000, 1_000_000), "pictures": (), "values": (), "weight": (),
}  # fmt: skip
"""Module → the numbers of cases it measures with (rest: and megabytes of one answer; mqtt: messages, and a queue of them).

Its main(sizes) gives rows of (what, ratio or amount, goal).
"""

SCALING, TEN_MILLION = ("counts", "heat"), 10_000_000


def run(which: Iterable[str], *, full: bool) -> int:
    """Run the named benchmarks (none named = all) and print a row a figure; `full` adds 10 million cases."""
    names = tuple(which) or tuple(SIZES)
    if unknown := set(names) - set(SIZES):
        sys.stderr.write(f"gridhall: there is no benchmark '{min(unknown)}'; known: {', '.join(SIZES)}\n")
        return 2
    for name in names:
        sizes = SIZES[name] + ((TEN_MILLION,) if full and name in SCALING else ())
        for what, value, goal in importlib.import_module(f"benchmarks.{name}").main(sizes):
            sys.stdout.write(f"{name}: {what}: {value:,.3g} (goal {goal})\n")
            sys.stdout.flush()
    return 0
