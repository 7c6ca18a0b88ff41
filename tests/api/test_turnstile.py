"""So many times in so long, a client."""

from hypothesis import given
from hypothesis import strategies as st

from api import turnstile
from api.turnstile import Turnstile


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5)), max_size=60))
def test_no_client_passes_more_often_than_it_may(asked):
    gate, now, passed = Turnstile(3, 10), 0, []
    for name, wait in asked:
        now += wait
        recent = [at for who, at in passed if who == name and at > now - 10]
        assert gate.lets(name, now) == (len(recent) < 3)
        if len(recent) < 3:
            passed.append((name, now))


def test_names_that_have_gone_are_forgotten(monkeypatch):
    monkeypatch.setattr(turnstile, "MOST_KEPT", 10)
    gate = Turnstile(1, 10)
    for n in range(50):
        assert gate.lets(str(n), n)
    assert len(gate._passed) <= 21
