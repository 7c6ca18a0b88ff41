"""Names of the pieces of a stream: the same in every process, read by nobody, made up by nobody."""

from hypothesis import given
from hypothesis import strategies as st

from domain.streamnames import opened, sealed

SECRET = b"s" * 32
URL = "http://me:pw@10.0.0.7:8080/live/gate/seg-17.TS?token=1"


def test_a_name_opens_to_its_address_for_its_camera_and_secret_only():
    name = sealed(SECRET, 7, URL)
    assert name == sealed(SECRET, 7, URL)
    assert opened(SECRET, 7, name) == URL
    assert [opened(SECRET, 8, name), opened(b"t" * 32, 7, name), opened(SECRET, 7, name[:-5])] == [None] * 3
    assert name.endswith(".ts") and "live" not in name


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_address_comes_back_and_lies_in_one_part_of_a_path(address):
    name = sealed(SECRET, 1, f"http://inner.test/{address}")
    assert opened(SECRET, 1, name) == f"http://inner.test/{address}"
    assert name.replace("-", "").replace("_", "").replace(".", "").isalnum() and name.isascii()


@given(st.text(max_size=100))
def test_what_we_did_not_give_opens_to_nothing(name):
    assert opened(SECRET, 1, name) is None
