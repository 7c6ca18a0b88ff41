"""How a device's stills are let out: by basic or digest authentication, whichever it asks for."""

from collections.abc import Generator

import httpx


class ChallengeAuth(httpx.Auth):
    """Asks without a password first, and then in the way that the device names."""

    def __init__(self, user: str, password: str) -> None:
        self._basic, self._digest = httpx.BasicAuth(user, password), httpx.DigestAuth(user, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The steps of one request."""
        answer = yield request
        asked = [each.strip().casefold() for each in answer.headers.get_list("www-authenticate")]
        if answer.status_code != httpx.codes.UNAUTHORIZED or not asked:
            return
        if any(each.startswith("digest") for each in asked):
            steps = self._digest.auth_flow(request)
            next(steps)
            yield steps.send(answer)
        elif any(each.startswith("basic") for each in asked):
            yield next(self._basic.auth_flow(request))
