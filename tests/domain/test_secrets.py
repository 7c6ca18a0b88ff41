"""Keys and marks: the same for the same, another for anything else."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from domain.secrets import key, mac

SECRET = b"s" * 32


@given(st.text(), st.text())
def test_a_mark_is_that_of_its_text_alone(one, other):
    assert (mac(SECRET, "contact", one) == mac(SECRET, "contact", other)) == (one == other)


def test_a_mark_is_keyed_blake2b_under_a_key_of_its_purpose():
    below = hashlib.blake2b(b"contact", key=hashlib.sha256(SECRET).digest(), digest_size=32).digest()
    assert mac(SECRET, "contact", "138") == hashlib.blake2b(b"138", key=below, digest_size=32).hexdigest()


def test_another_purpose_and_another_secret_give_other_keys():
    assert len({key(SECRET, "contact"), key(SECRET, "seal"), key(b"t" * 32, "contact")}) == 3


def test_a_lone_surrogate_has_a_mark_too():
    assert len(mac(SECRET, "contact", "\ud800")) == 64
