"""A device of the tests: answers as the ONVIF core and media specifications write them."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from tests.datasources.sources import NOW

USER, PASSWORD = "gridhall", "s3cret"
JPEG = b"\xff\xd8\xff\xe0 not a whole one"
NAMESPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:ter="http://www.onvif.org/ver10/error" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" '
    'xmlns:tt="http://www.onvif.org/ver10/schema"'
)


def soap(body: str, status: int = 200) -> httpx.Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {NAMESPACES}><s:Body>{body}</s:Body></s:Envelope>'
    return httpx.Response(status, headers={"content-type": "application/soap+xml"}, content=text.encode())


def fault(subcode: str, reason: str, status: int = 400) -> httpx.Response:
    return soap(
        f"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{reason}</s:Text></s:Reason></s:Fault>',
        status,
    )


def profile(token: str, source: str) -> str:
    return (
        f'<trt:Profiles token="{token}" fixed="true"><tt:Name>{token}</tt:Name><tt:VideoSourceConfiguration token="c">'
        f"<tt:Name>v</tt:Name><tt:SourceToken>{source}</tt:SourceToken></tt:VideoSourceConfiguration></trt:Profiles>"
    )


@dataclass
class Device:
    """host: where it is. ahead: seconds by which its clock is. Answers an action by `said`, else as usual."""

    host: str
    ahead: int = 0
    sources: dict[str, str] = field(default_factory=lambda: {"Main": "VS_1", "Sub": "VS_1"})
    stream: str = "rtsp://{host}/live?channel=1&subtype=0"
    still: str = "http://{host}/snap.jpg"
    xaddr: str = "http://{host}/onvif/media"
    said: dict[str, httpx.Response] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return self.picture(request)
        body = request.content.decode()
        action = re.search(r"<s:Body><(\w+)", body)[1]
        self.actions.append(action)
        assert f"/{action}" in request.headers["content-type"]
        if action in self.said:
            return self.said[action]
        if action != "GetSystemDateAndTime" and not self.lets_in(body):
            return fault("ter:NotAuthorized", "Sender not authorized")
        return soap(f"<r:{action}Response xmlns:r='urn:any'>{self.inner(action, body)}</r:{action}Response>")

    def inner(self, action: str, body: str) -> str:
        where = self.host.partition(":")[0]
        if action == "GetSystemDateAndTime":
            now = datetime.fromtimestamp(NOW + self.ahead, UTC)
            return (
                f"<tt:UTCDateTime><tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
                f"<tt:Second>{now.second}</tt:Second></tt:Time><tt:Date><tt:Year>{now.year}</tt:Year>"
                f"<tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day></tt:Date></tt:UTCDateTime>"
            )
        if action == "GetDeviceInformation":
            return "<tds:Manufacturer>Any</tds:Manufacturer><tds:Model>Cam 1</tds:Model>"
        if action == "GetCapabilities":
            return f"<tds:Capabilities><tt:Media><tt:XAddr>{self.xaddr.format(host=self.host)}</tt:XAddr></tt:Media></tds:Capabilities>"
        if action == "GetProfiles":
            return "".join(profile(token, source) for token, source in self.sources.items())
        token = re.search(r"<ProfileToken>(.*?)</ProfileToken>", body)[1]
        found = {"GetStreamUri": self.stream.format(host=where), "GetSnapshotUri": self.still.format(host=self.host)}[
            action
        ]
        return f"<trt:MediaUri><tt:Uri>{found.replace('&', '&amp;')}&amp;profile={token}</tt:Uri></trt:MediaUri>"

    def lets_in(self, body: str) -> bool:
        """WS-Security UsernameToken 1.0, and a Created within five minutes of the device's own clock."""
        found = {
            name: re.search(rf"<{name}(?: [^>]*)?>([^<]*)<", body)
            for name in ("Username", "Password", "Nonce", "Created")
        }
        if not all(found.values()):
            return False
        user, digest, nonce, created = (found[name][1] for name in ("Username", "Password", "Nonce", "Created"))
        expected = hashlib.sha1(base64.b64decode(nonce) + created.encode() + PASSWORD.encode()).digest()
        moment = datetime.fromisoformat(created).timestamp()
        right = (user, digest) == (USER, base64.b64encode(expected).decode())
        return right and abs(moment - NOW - self.ahead) <= 300

    def picture(self, request: httpx.Request) -> httpx.Response:
        """A still for who knows the password, by the digest that it asks for (RFC 7616, MD5)."""
        told = request.headers.get("authorization", "")
        if not told.startswith("Digest "):
            challenge = 'Digest realm="cam", nonce="n0", qop="auth", algorithm=MD5'
            return httpx.Response(401, headers={"www-authenticate": challenge})
        words = dict(re.findall(r'(\w+)="?([^",]+)"?', told))

        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        one, two = md5(f"{USER}:cam:{PASSWORD}"), md5(f"GET:{words['uri']}")
        right = md5(f"{one}:n0:{words['nc']}:{words['cnonce']}:auth:{two}") == words["response"]
        return httpx.Response(200 if right else 401, content=JPEG)


def town(*devices: Device):
    """Answers of devices by their host; another host is down."""
    by_host = {device.host: device for device in devices}

    def answer(request: httpx.Request) -> httpx.Response:
        device = by_host.get(request.url.netloc.decode())
        if device is None:
            raise httpx.ConnectError("No route to host")
        return device.answer(request)

    return answer
