"""GridHall: builds the one ASGI application and holds the commands (none = serve)."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import DBAPIError

import logs
from config import ConfigError
from config_errors import nearest
from datasources.errors import SourceError
from geo.errors import GeoError
from store.engine import StoreError, said
from wiring import CONFIG_VARIABLE, House, house, prepare

BAD_INPUT = 2


class UsageError(Exception):
    """What was asked cannot be done; the message says what, where and what to do."""


def create_app() -> object:
    """The ASGI application of this process, settings from the environment (uvicorn's import string)."""
    from api.application import build_application
    from pages.root import build_pages

    logs.configure()  # with several web processes this one knows nothing of the command that started it
    opened = house()
    return build_application(opened, build_pages(opened))


def serve(arguments: argparse.Namespace) -> int:
    """Run the server, with the worker as a child process; an empty demo store seeds itself."""
    import people
    from serving import require_port
    from serving import serve as run

    require_port(arguments.host, arguments.port)
    opened = _ready()
    if opened.is_demo:
        people.add_demo_accounts(opened)
    people.require_safe_host(opened, arguments.host)
    if opened.is_demo and opened.is_empty():
        _fetch_all(opened, ())
    sys.stdout.write(people.told(opened))
    return run(
        opened, host=arguments.host, port=arguments.port, workers=arguments.workers, worker=not arguments.no_worker
    )


def worker(_arguments: argparse.Namespace) -> int:
    """Poll the feeds, mark overdue cases, seal the counts, until stopped."""
    from serving import run_worker

    return run_worker(_ready())


def seed(_arguments: argparse.Namespace) -> int:
    """Create the store; with the demo configuration, the demo town too."""
    from people import add_demo_accounts

    opened = _ready()
    if opened.is_demo:
        add_demo_accounts(opened)
        return _fetch_all(opened, ())
    return 0


def sync(arguments: argparse.Namespace) -> int:
    """Read sources from the start, once; one JSON line a source."""
    for name in arguments.source or ():
        house().source(name)  # before anything is written
    return _fetch_all(_ready(), arguments.source or (), as_json=arguments.json)


def kpi(arguments: argparse.Namespace) -> int:
    """The monthly figures of an area; one JSON line a month, then one for all."""
    from actions.fold_responses import fold_responses, median_response
    from domain.periods import Period, month
    from domain.scope import Scope
    from views.outcomes import months_of, outcome_months, total_month

    try:
        months = months_of(arguments.months)
    except ValueError as error:
        raise UsageError(f"--months: {error}") from error
    opened = _ready()
    area, areas, scope = arguments.area, opened.site.areas, Scope.site("command")
    if area not in areas.position:
        near = nearest(area, areas.code)
        advice = f"did you mean '{near}'?" if near else "the codes are in the boundary files of the configuration"
        raise UsageError(f"--area: there is no area '{area}' here; {advice}")
    fold_responses(opened.site, opened.counts, months)
    moment = opened.reader.moment()
    period = Period(month(months[0]).first, month(months[-1]).last)
    median = median_response(opened.site, areas.ranges(scope, area), period)
    rows = [
        *outcome_months(opened.reader, moment, scope, months, area),
        total_month(moment, scope, months, area, median),
    ]
    for row in rows:
        values = row.as_dict()
        text = json.dumps(values) if arguments.json else "  ".join(f"{k}={_shown(v)}" for k, v in values.items())
        sys.stdout.write(text + "\n")
    return 0


def _shown(value: object) -> str:
    return "—" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def counts(arguments: argparse.Namespace) -> int:
    """Hold the counts against the rows, or make them anew from the rows."""
    from store.counts.verify import rebuild, verify

    opened = _ready()
    if arguments.what == "rebuild":
        rebuild(opened.engine, opened.counts_folder, opened.zone, now=opened.clock())
    differences = verify(opened.engine, opened.zone, opened.counts_folder)
    for difference in differences:
        sys.stderr.write(difference + "\n")
    sys.stdout.write(f"counts: {'verified' if not differences else f'{len(differences)} differences'}\n")
    return 1 if differences else 0


def quarantine(arguments: argparse.Namespace) -> int:
    """List the rows in quarantine, or take them again with the mapping as it is now."""
    from actions.replay import replay
    from views.feeds import quarantined

    sources = [house().source(arguments.source)] if arguments.source else house().settings.sources
    names, opened = [source.name for source in sources], _ready()
    if arguments.what == "list":
        for row in quarantined(opened.reader, names):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return 0
    for job, feed in opened.jobs(names):
        sys.stdout.write(json.dumps({"source": job.source.name, **replay(feed, job.mapping)}) + "\n")
    return 0


def user(arguments: argparse.Namespace) -> int:
    """Accounts: add, list, role, areas, disable, enable, unlock, password, key."""
    from people import run

    return run(_ready(), arguments)


def bench(arguments: argparse.Namespace) -> int:
    """Measure GridHall beside what one would use instead (benchmarks/README.md)."""
    from benchmarks import run

    return run(arguments.which, full=arguments.full)


def doctor(_arguments: argparse.Namespace) -> int:
    """Check what an installation needs; one line a finding."""
    from actions.doctor import findings

    found = list(findings(house().settings, house().engine))
    for ok, text in found:
        sys.stdout.write(f"{'ok  ' if ok else 'FAIL'} {text}\n")
    return 0 if all(ok for ok, _text in found) else 1


def _ready() -> House:
    opened = house()
    prepare(opened)
    return opened


def _fetch_all(opened: House, names: object, *, as_json: bool = False) -> int:
    from serving import fetch_all

    return fetch_all(opened, tuple(names), as_json=as_json)  # type: ignore[arg-type]


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    import auditing
    import keeping
    import office
    import posting

    top = argparse.ArgumentParser(prog="app.py", description="GridHall (基层治理一张图)")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="settings file (default: the demo town)")
    top.set_defaults(config=None)
    commands = top.add_subparsers(dest="command")

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[common], help=run.__doc__, description=run.__doc__)
        added.set_defaults(run=run)
        return added

    serving = command("serve", serve)
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8050)
    serving.add_argument("--workers", type=int, default=1, help="web processes")
    serving.add_argument("--no-worker", action="store_true", help="the worker runs apart")
    command("worker", worker)
    command("seed", seed)
    syncing = command("sync", sync)
    syncing.add_argument("--once", action="store_true", required=True, help="read from the start and end")
    syncing.add_argument("--source", action="append", help="only this source (may be given again)")
    syncing.add_argument("--json", action="store_true", help="one JSON line a source")
    figures = command("kpi", kpi)
    figures.add_argument("--months", required=True, help="A..B, as in 2022-08..2023-01")
    figures.add_argument("--area", default="", help="code of an area (default: the whole site)")
    figures.add_argument("--json", action="store_true")
    command("counts", counts).add_argument("what", choices=("verify", "rebuild"))
    waiting = command("quarantine", quarantine)
    waiting.add_argument("what", choices=("list", "replay"))
    waiting.add_argument("--source")
    from people import add_options

    add_options(command("user", user), common)
    benching = command("bench", bench)
    benching.add_argument("which", nargs="*", help="benchmarks to run (default: all)")
    benching.add_argument("--full", action="store_true", help="10 million cases too")
    command("doctor", doctor)
    keeping.add_commands(command, _ready)
    auditing.add_commands(command, _ready)
    office.add_commands(command, common, _ready)
    posting.add_commands(command, common, _ready)
    return top


def main(words: list[str]) -> int:
    """Run a command; bad input is one clear line and exit code 2."""
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words = ["serve", *words]
    arguments = parser().parse_args(words)
    logs.configure()
    if arguments.config is not None:
        os.environ[CONFIG_VARIABLE] = str(arguments.config.absolute())
    try:
        return int(arguments.run(arguments))
    except (ConfigError, GeoError, StoreError, SourceError, UsageError) as error:
        sys.stderr.write(f"gridhall: {error}\n")
        return BAD_INPUT
    except DBAPIError as error:
        sys.stderr.write(f"gridhall: {said(error, house().engine.url)}\n")
        return BAD_INPUT
    except OSError as error:
        where = error.filename or "the system"
        sys.stderr.write(f"gridhall: {where}: {error.strerror or error}; see that there is room and permission\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
