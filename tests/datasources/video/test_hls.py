"""Playlists given on: every address named anew, nothing unknown kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.errors import BadDataError
from datasources.outgoing import NotNamedError
from datasources.video.hls import KEPT, MOST_LINES, is_playlist, renamed

BASE = "http://inner.test:8080/live/one/index.m3u8?key=s3cret"
LOW_LATENCY = """#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0
#EXT-X-PART-INF:PART-TARGET=0.2
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-MAP:URI="init.mp4",BYTERANGE="100@0"
#EXTINF:2.00000,gate of inner.test
seg7.mp4
#EXT-X-PART:DURATION=0.2,URI="part8.mp4"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part9.mp4"
# served by inner.test
#X-OWN:http://inner.test/
"""


def names(text: str, base: str = BASE) -> tuple[str, list[str]]:
    asked: list[str] = []

    def name(url: str) -> str:
        asked.append(url)
        return f"n{len(asked)}"

    return renamed(text.encode(), base, name), asked


def test_addresses_are_named_anew_and_low_latency_parts_comments_and_titles_left_out():
    text, asked = names(LOW_LATENCY)
    assert asked == ["http://inner.test:8080/live/one/init.mp4", "http://inner.test:8080/live/one/seg7.mp4"]
    assert text.splitlines() == [
        "#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-TARGETDURATION:2", "#EXT-X-MEDIA-SEQUENCE:7",
        '#EXT-X-MAP:URI="n1",BYTERANGE="100@0"', "#EXTINF:2.00000,", "n2",
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "url"), [
    ("a.ts", "http://inner.test:8080/live/one/a.ts"),
    ("../two/a.ts?x=1", "http://inner.test:8080/live/two/a.ts?x=1"),
    ("/a.ts", "http://inner.test:8080/a.ts"),
    ("//other.test/a.ts", "http://other.test/a.ts"),
    ("https://other.test/a.ts", "https://other.test/a.ts"),
])  # fmt: skip
def test_addresses_are_those_of_the_playlist_that_names_them(line, url):
    assert names(f"#EXTM3U\n#EXTINF:1,\n{line}\n")[1] == [url]
    assert names(f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{line}",IV=0x1\n')[1] == [url]


@pytest.mark.parametrize(
    "line",
    ["file:///etc/passwd", "data:text/plain;base64,QQ==", "rtsp://inner.test/1", "concat:a|b", "http://[", "pipe:0"],
)
def test_addresses_of_another_kind_are_refused(line):
    with pytest.raises(NotNamedError):
        names(f"#EXTM3U\n#EXTINF:1,\n{line}\n")
    with pytest.raises(NotNamedError):
        names(f'#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="{line}"\n')


@pytest.mark.parametrize("body", [
    b"", b"<html>", b"#EXTINF:1,\na.ts\n", b'#EXTM3U\n#EXT-X-DEFINE:NAME="h",VALUE="other"\n{$h}/a.ts',
    b"#EXTM3U\n" + b"a.ts\n" * (MOST_LINES + 1),
])  # fmt: skip
def test_what_is_no_playlist_or_cannot_be_followed_is_said(body):
    with pytest.raises(BadDataError):
        renamed(body, BASE, lambda url: url)


def test_a_playlist_is_known_by_its_first_line():
    assert is_playlist(b"\xef\xbb\xbf#EXTM3U\r\n") and not is_playlist(b"GIF89a#EXTM3U")


LINES = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.builds("#{}:{}".format, st.sampled_from(sorted(KEPT)), st.text(max_size=40)),
    st.builds('#EXT-X-MAP:URI="{}"'.format, st.text(max_size=20)),
)


@given(st.lists(LINES, max_size=20))
def test_whatever_a_playlist_holds_only_known_tags_and_new_names_come_out(lines):
    try:
        text, asked = names("\n".join(["#EXTM3U", *lines]))
    except BadDataError:
        return
    assert all(re.match(r"https?:", url) for url in asked)
    for line in text.splitlines():
        assert line[1:].partition(":")[0] in KEPT if line.startswith("#") else re.fullmatch(r"n\d+", line)
    assert text.count("n1") >= bool(asked)
