"""Signing in on both stores: guesses sent at the same time are counted one by one, and a code is good once."""

from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import accounts as acts
from actions import sign_in as signing
from actions.keys import add_key, key_holder, revoke_key
from actions.people import People
from actions.second_factor import STEP_SECONDS, new_secret, seal, step_of, unseal
from actions.sign_in import Entered, caller, give_code, sign_in
from config_security import Security
from domain.refusal import Refused
from store import accounts as stored
from store.engine import open_engine, read, write
from tests import accounts
from tests.servers.tables import make_tables

NOW = 1_800_000_000
SECRET = b"s" * 32


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    for module in (signing, acts):
        monkeypatch.setattr(module, "HASHER", accounts.HASHER)


@pytest.fixture
def people(tables_url):
    engine = open_engine(tables_url)
    make_tables(engine)
    yield People(engine, SECRET, Security(), frozenset({""}))
    engine.dispose()


def tried(people, login: str, password: str, now: int = NOW) -> Entered | Refused:
    try:
        return sign_in(people, login, password, client="10.0.0.7", now=now)
    except Refused as refused:
        return refused


def test_many_guesses_at_the_same_time_are_no_more_than_one_after_another(people, monkeypatch):
    accounts.add(people.engine, "ann", "viewer")
    looked = []
    right = signing.is_right
    monkeypatch.setattr(signing, "is_right", lambda kept, given: looked.append(kept) or right(kept, given))
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: tried(people, "ann", f"guess-{n}"), range(24)))
    assert all(isinstance(answer, Refused) for answer in answers)
    assert isinstance(tried(people, "ann", accounts.PASSWORD), Refused)
    assert isinstance(tried(people, "ann", accounts.PASSWORD, NOW + 1800), Entered)
    assert len(looked) == 26  # the same work for every one of them


def test_a_code_is_good_once_though_two_give_it_at_the_same_moment(people):
    totp = new_secret()
    account = accounts.add(people.engine, "guard", "auditor", ())
    with write(people.engine) as connection:
        stored.change(connection, account.id, totp_secret=seal(SECRET, totp))
    halves = [tried(people, "guard", accounts.PASSWORD) for _half in range(2)]
    assert all(half.awaits_code for half in halves)
    code = pyotp.TOTP(totp).at(NOW)

    def give(half: Entered) -> bool:
        try:
            return bool(give_code(people, accounts.digest(half.cookie), code, client="x", now=NOW))
        except Refused:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give, halves)) == [False, True]


def test_a_factor_of_another_installation_lets_nobody_in(people):
    account = accounts.add(people.engine, "guard", "auditor", ())
    with write(people.engine) as connection:
        stored.change(connection, account.id, totp_secret=seal(b"t" * 32, new_secret()))
    half = tried(people, "guard", accounts.PASSWORD)
    with pytest.raises(Refused):
        give_code(people, accounts.digest(half.cookie), "123456", client="x", now=NOW)


def test_a_session_a_key_and_their_ends(people):
    account = accounts.add(people.engine, "ann", "viewer", ("A",))
    entered = tried(people, "ann", accounts.PASSWORD)
    found, session = caller(people, accounts.digest(entered.cookie), now=NOW)
    assert (found.login, found.areas, session.client) == ("ann", {"A"}, "10.0.0.7")
    key = add_key(people, account.actor(), account.id, "map", now=NOW)
    assert (key_holder(people, key).login, key_holder(people, key).via) == ("ann", "key")
    with read(people.engine) as connection:
        (row,) = stored.keys_of(connection, account.id)
    revoke_key(people, account.actor(), account.id, row.id, now=NOW)
    assert key_holder(people, key) is None
    signing.sign_out(people, account, session.id, now=NOW)
    assert caller(people, session.id, now=NOW) is None


@given(now=st.integers(300, 4_000_000_000), away=st.integers(-6, 6), used=st.integers(-3, 3))
def test_a_code_is_good_a_step_before_and_after_and_only_after_the_used_one(now, away, used):
    totp, step = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", now // STEP_SECONDS
    code = pyotp.TOTP(totp).at((step + away) * STEP_SECONDS)
    found = step_of(totp, code, used=step + used, now=now)
    good = [n for n in (step, step - 1, step + 1) if n > step + used and pyotp.TOTP(totp).at(n * STEP_SECONDS) == code]
    assert found == (good[0] if good else None)


@pytest.mark.parametrize("code", ["", "abc", "12345", "1234567", "١٢٣٤٥٦", "\ud800", "000000\n"])
def test_what_is_no_code_is_none(code):
    assert step_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, used=0, now=NOW) is None


def test_a_sealed_secret_opens_with_its_own_key_alone():
    sealed = seal(SECRET, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert unseal(SECRET, sealed) == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    assert unseal(b"t" * 32, sealed) is None
    assert unseal(SECRET, "forged") is None
