"""A process of its own: reads one large answer through feeds.rest and the mapping, or as httpx and JSON do it whole.

Says in JSON: seconds, rows, and by how many MB its memory grew at most.
"""

import json
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from config import load
from datasources.mapping import Mapping
from datasources.registry import create

NOW, KILO = 1_700_000_000, 1024


def mapped(settings: Path) -> int:
    """Rows of the source's answer, mapped page after page; what was read is let go."""
    source = load(settings, {}).sources[0]
    mapping, rows = Mapping(source, ZoneInfo("UTC")), 0
    for page in create(source, folder=settings.parent, clock=lambda: NOW).pages(None):
        batch = mapping.apply(page, NOW)
        rows += len(batch.frame)
    return rows


def whole(url: str) -> int:
    """Rows of an answer that is held in memory."""
    return len(httpx.get(url, timeout=600).json()["requests"])


def peak() -> float:
    """The most memory that this process ever had, in MB (Linux; getrusage would tell of the parent too)."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / KILO


if __name__ == "__main__":
    before, started = peak(), time.perf_counter()
    rows = mapped(Path(sys.argv[2])) if sys.argv[1] == "mapped" else whole(sys.argv[2])
    sys.stdout.write(json.dumps({"rows": rows, "seconds": time.perf_counter() - started, "grown": peak() - before}))
