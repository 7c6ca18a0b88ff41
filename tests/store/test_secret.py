"""The secret: given, or made once for every process of an installation."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.engine import StoreError
from store.secret import read_secret


def test_a_given_secret_is_taken_and_nothing_is_written(tmp_path):
    assert read_secret("g" * 40, tmp_path) == b"g" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_made_once_for_all_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "var"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _n: read_secret("", folder), range(32)))
    assert len(found) == 1 and len(found.pop()) == 32
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_installations_have_two_secrets(tmp_path):
    assert read_secret("", tmp_path / "one") != read_secret("", tmp_path / "two")


def test_a_damaged_file_is_said_without_what_is_in_it(tmp_path):
    (tmp_path / "secret.key").write_bytes(b"hush")
    with pytest.raises(StoreError, match="damaged") as told:
        read_secret("", tmp_path)
    assert "hush" not in str(told.value)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "var").write_text("in the way")
    with pytest.raises(StoreError, match="secret"):
        read_secret("", tmp_path / "var")
