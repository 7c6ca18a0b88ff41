"""Accounts at the terminal, and the accounts of the demo town."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from ipaddress import ip_address

from actions import accounts as acts
from actions.keys import add_key
from actions.people import HASHER
from actions.sign_in import is_right
from config import ConfigError
from config_errors import hint
from demo.people import PASSWORD, PEOPLE
from domain.actor import ADMINISTRATORS, ROLES, TERMINAL
from domain.refusal import Refused
from store import accounts
from store.accounts import Account
from store.engine import read
from wiring import House


def run(opened: House, arguments: argparse.Namespace) -> int:
    """A command on accounts. Raises ConfigError with the sentence of a refusal."""
    try:
        for line in WORK[arguments.what](opened, arguments):
            sys.stdout.write(line + "\n")
    except Refused as refused:
        raise ConfigError(f"user {arguments.what}: {refused}") from refused
    return 0


def add_options(user: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The commands below `user`. common: the options of every command."""
    whats = user.add_subparsers(dest="what", required=True)
    adding = whats.add_parser("add", parents=[common], help="a new account")
    adding.add_argument("login")
    adding.add_argument("--role", required=True)
    adding.add_argument("--name", default="", help="the person's name")
    adding.add_argument("--department", default="", help="of a handler: the department whose cases they handle")
    adding.add_argument("--area", action="append", default=[], help="code of an area; again for more")
    adding.add_argument("--whole-site", action="store_true", help="bound to the whole site")
    whats.add_parser("list", parents=[common], help="one JSON line an account")
    for what, told in ONE.items():
        whats.add_parser(what, parents=[common], help=told).add_argument("login")
    role = whats.choices["role"]
    role.add_argument("role")
    role.add_argument("--department", default="")
    areas = whats.choices["areas"]
    areas.add_argument("--area", action="append", default=[])
    areas.add_argument("--whole-site", action="store_true")
    whats.choices["key"].add_argument("--label", required=True, help="what the key is for")
    for what in ("add", "password"):
        whats.choices[what].add_argument("--password-stdin", action="store_true", help="read it; else one is made")


ONE = {
    "role": "another role", "areas": "bind to areas", "disable": "shut it", "enable": "open it again",
    "unlock": "end the lock of too many failures", "password": "a new password", "key": "a key for a machine",
}  # fmt: skip


def _add(opened: House, asked: argparse.Namespace) -> Iterable[str]:
    if asked.role not in ROLES:
        raise ConfigError(f"user add: there is no role '{asked.role}'" + hint(asked.role, ROLES))
    password = _given(asked)
    new = acts.New(asked.login, asked.role, asked.name, asked.department, _areas(asked))
    number, told = acts.add_account(
        opened.people, TERMINAL, new, now=opened.clock(), password=password, must_change=password is None
    )
    if not new.areas and asked.role not in ADMINISTRATORS:
        sys.stderr.write(
            f"gridhall: {asked.login} is bound to no area yet and sees nothing; say --whole-site or --area CODE with "
            f"`user areas {asked.login}`\n"
        )
    yield json.dumps(
        {"account": number, "login": asked.login.strip().casefold(), **({"password": told} if told else {})}
    )


def _list(opened: House, _asked: argparse.Namespace) -> Iterable[str]:
    with read(opened.engine) as connection:
        found = accounts.every(connection)
    for account in found:
        row = {
            "login": account.login, "name": account.name, "role": account.role, "department": account.department,
            "areas": sorted(account.areas), "disabled": account.disabled,
            "locked": account.locked_until > opened.clock(), "two_factor": bool(account.totp_secret),
        }  # fmt: skip
        yield json.dumps(row, ensure_ascii=False)


def _role(opened: House, asked: argparse.Namespace) -> Iterable[str]:
    acts.set_role(
        opened.people, TERMINAL, _known(opened, asked).id, asked.role, now=opened.clock(), department=asked.department
    )
    return ()


def _set_areas(opened: House, asked: argparse.Namespace) -> Iterable[str]:
    acts.set_areas(opened.people, TERMINAL, _known(opened, asked).id, _areas(asked), now=opened.clock())
    return ()


def _plain(action: Callable[..., None]) -> Callable[[House, argparse.Namespace], Iterable[str]]:
    def work(opened: House, asked: argparse.Namespace) -> Iterable[str]:
        action(opened.people, TERMINAL, _known(opened, asked).id, now=opened.clock())
        return ()

    return work


def _password(opened: House, asked: argparse.Namespace) -> Iterable[str]:
    account, password = _known(opened, asked), _given(asked)
    told = acts.reset_password(opened.people, TERMINAL, account.id, now=opened.clock(), password=password)
    return [json.dumps({"login": account.login, "password": told})] if told else []


def _key(opened: House, asked: argparse.Namespace) -> Iterable[str]:
    account = _known(opened, asked)
    key = add_key(opened.people, TERMINAL, account.id, asked.label, now=opened.clock())
    return [json.dumps({"login": account.login, "label": asked.label, "key": key})]


WORK: dict[str, Callable[[House, argparse.Namespace], Iterable[str]]] = {
    "add": _add, "list": _list, "role": _role, "areas": _set_areas, "disable": _plain(acts.disable),
    "enable": _plain(acts.enable), "unlock": _plain(acts.unlock), "password": _password, "key": _key,
}  # fmt: skip


def _areas(asked: argparse.Namespace) -> list[str]:
    return ["", *asked.area] if asked.whole_site else asked.area


def _given(asked: argparse.Namespace) -> str | None:
    return sys.stdin.readline().rstrip("\n") if asked.password_stdin else None


def _known(opened: House, asked: argparse.Namespace) -> Account:
    with read(opened.engine) as connection:
        account = accounts.by_login(connection, asked.login.strip().casefold())
        if account is None:
            logins = [each.login for each in accounts.every(connection)]
            raise ConfigError(f"user {asked.what}: there is no account '{asked.login}'" + hint(asked.login, logins))
    return account


def add_demo_accounts(opened: House) -> None:
    """The people of the demo town, where there is no account yet."""
    with read(opened.engine) as connection:
        if accounts.any_account(connection):
            return
    kept = HASHER.hash(PASSWORD)
    for one in PEOPLE:
        new = acts.New(one.login, one.role, one.name, one.department, one.areas)
        acts.add_account(opened.people, TERMINAL, new, now=opened.clock(), password_hash=kept, must_change=False)


def demo_accounts(opened: House) -> list[Account]:
    """Accounts of the demo town that anyone may enter, for their password is known."""
    with read(opened.engine) as connection:
        found = accounts.every(connection)
    logins = {one.login for one in PEOPLE}
    hashes: dict[str, bool] = {}
    for account in found:
        if account.login in logins and not account.disabled and account.password_hash not in hashes:
            hashes[account.password_hash] = is_right(account.password_hash, PASSWORD)
    return [a for a in found if a.login in logins and not a.disabled and hashes.get(a.password_hash)]


def require_safe_host(opened: House, host: str) -> None:
    """Known passwords stay on this machine. Raises ConfigError."""
    if _is_loopback(host) or opened.settings.security.allow_demo_accounts or not demo_accounts(opened):
        return
    raise ConfigError(
        f"--host {host}: the demo accounts have a password that everyone knows; serve on 127.0.0.1, disable them "
        "(app.py user disable), or say GRIDHALL_ALLOW_DEMO_ACCOUNTS=1"
    )


def told(opened: House) -> str:
    """The demo accounts in one line for the terminal; nothing where there are none."""
    logins = " ".join(account.login for account in demo_accounts(opened))
    return f"Demo accounts, password {PASSWORD}: {logins}\n" if logins else ""


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
