"""The way out of a service that draws: where it may lead, and what is told of where it led."""

import httpx
import pytest

from config import ConfigError
from datasources.errors import BadDataError, TemporaryError
from datasources.outgoing import NotNamedError
from tests.datasources.video.answers import asked
from tests.datasources.visuals.served import making

SECRET = "hidden-key"
URL = f"http://map.test/{SECRET}/{{z}}/{{x}}/{{y}}.png?key={SECRET}"


@pytest.fixture
def made(tmp_path):
    return making("visuals.xyz", tmp_path, {"url": URL})


def leading(to: str):
    return lambda request: (
        httpx.Response(302, headers={"Location": to}) if request.url.host == "map.test" else httpx.Response(500)
    )


@pytest.mark.parametrize(
    "to",
    [
        "http://elsewhere.test/x.png",
        "http://map.test:8080/x.png",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_leads_to_no_host_that_nobody_named(made, to):
    with asked(leading(to)) as seen, pytest.raises(NotNamedError) as caught:
        made().tile("tiles", 1, 0, 0)
    assert {request.url.host for request in seen} == {"map.test"}
    assert SECRET not in str(caught.value)


def test_a_redirect_to_a_named_host_takes_no_header_along(made):
    with asked(leading(f"http://cdn.test/{SECRET}/x.png")) as seen, pytest.raises(TemporaryError) as caught:
        made(hosts=["cdn.test"], headers={"X-Key": SECRET}).tile("tiles", 1, 0, 0)
    assert [request.url.host for request in seen] == ["map.test", "cdn.test"]
    assert [request.headers.get("X-Key") for request in seen] == [SECRET, None]
    assert SECRET not in str(caught.value)
    assert "cdn.test" in str(caught.value)


def test_an_answer_that_is_too_large_is_said_and_told_nothing_of(made):
    with asked(lambda _request: httpx.Response(200, content=bytes(2 << 20))), pytest.raises(BadDataError) as caught:
        made(most_megabytes=1).tile("tiles", 1, 0, 0)
    assert "more than 1 MB" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_how_long_a_service_asked_to_be_left_alone_is_kept(made):
    with (
        asked(lambda _request: httpx.Response(429, headers={"Retry-After": "77"})),
        pytest.raises(TemporaryError) as caught,
    ):
        made().tile("tiles", 1, 0, 0)
    assert caught.value.retry_after_seconds == 77


@pytest.mark.parametrize("url", ["/{z}/{x}/{y}", "http:///{z}/{x}/{y}", "map.test/{z}/{x}/{y}"])
def test_an_address_without_a_host_is_said_when_the_configuration_is_read(made, url):
    with pytest.raises(ConfigError, match=r"options\.url"):
        made(url=url)
