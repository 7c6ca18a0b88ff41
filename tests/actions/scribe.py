"""A process that reports cases and moves them, and says each step aloud once it is committed; for tests that end it.

python -m tests.actions.scribe URL FOLDER NAME
"""

import itertools
import sys
from pathlib import Path

from actions.move import move
from actions.report import Report, report
from actions.site import Site
from actions.work import Work
from config_cases import Cases
from domain.periods import SiteZone
from geo.locate import Locator
from store.areas import read_areas, read_tree
from store.engine import open_engine, read
from tests.desk import CATALOGUE, SECRET, person
from tests.factories import NOW, ZONE


def main(url: str, folder: str, name: str) -> None:
    """Write until somebody ends this process: `case version` a line."""
    engine = open_engine(url)
    with read(engine) as connection:
        site = Site(engine, SiteZone(ZONE), read_areas(connection), Locator(read_tree(connection)))
    work = Work(site, CATALOGUE, Cases(), Path(folder), SECRET)
    intake = person("intake", login=name)
    for n in itertools.count():
        case = report(work, intake, Report("Litter", f"{name} {n}", "tel", area_code="A1"), now=NOW + n).case_id
        say(case, 1)
        for version in range(1, 6):
            made = move(work, intake, case, "note", {"text": f"{name} {n}"}, version=version, now=NOW + n)
            say(case, made.version)


def say(case: int, version: int) -> None:
    """What is committed now."""
    sys.stdout.write(f"{case} {version}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
