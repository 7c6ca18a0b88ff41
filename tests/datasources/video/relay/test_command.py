"""What ffmpeg is told."""

import pytest

from datasources.errors import BadDataError
from datasources.outgoing import NotNamedError
from datasources.video.contract import Relay
from datasources.video.relay.command import arguments, listing, vetted

URL = "rtsp://gridhall:s3cret@127.0.0.1:8554/gate"


def relay(url: str = URL, *, copy: bool = True) -> Relay:
    return Relay(("-rtsp_transport", "tcp", "-i", url), ("rtsp", "rtp", "tcp"), copy)


def test_the_address_is_told_on_standard_input_alone():
    assert not [word for word in arguments(relay()) if "s3cret" in word or "127.0.0.1" in word]
    assert listing(relay()).decode().splitlines()[:3] == [
        "ffconcat version 1.0", f"file '{URL}'", "option rtsp_transport tcp"
    ]  # fmt: skip


def test_only_the_protocols_of_a_relay_may_be_opened():
    words = arguments(relay())
    assert words[words.index("-protocol_whitelist") + 1] == "pipe,rtsp,rtp,tcp"
    assert words.index("-protocol_whitelist") < words.index("-i")


def test_a_quote_in_an_address_ends_no_line():
    assert "file 'rtsp://h/it'\\''s'" in listing(relay("rtsp://h/it's")).decode()


@pytest.mark.parametrize("url", ["rtsp://127.0.0.1/a\nfile '/etc/passwd'", "rtsp://127.0.0.1/\r"])
def test_an_address_with_a_line_of_its_own_is_refused(url):
    with pytest.raises(BadDataError):
        listing(relay(url))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/x", "/etc/passwd", "concat:a|b"])
def test_another_scheme_is_refused(url):
    with pytest.raises(BadDataError):
        vetted(relay(url))


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_link_local_address_is_refused():
    with pytest.raises(NotNamedError):
        vetted(relay("rtsp://169.254.169.254/latest"))


def test_a_name_is_looked_up_once(monkeypatch):
    monkeypatch.setattr("datasources.video.relay.command.addresses", lambda host, port: [f"192.0.2.{port - 8000}"])
    assert vetted(relay("rtsp://u:p@gate.test:8007/a?b=c")).arguments[-1] == "rtsp://u:p@192.0.2.7:8007/a?b=c"


def test_what_a_browser_cannot_play_is_encoded_again():
    assert "libx264" in arguments(relay(copy=False))
    assert "libx264" not in arguments(relay())
