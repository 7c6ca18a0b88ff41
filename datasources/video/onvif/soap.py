"""SOAP as ONVIF devices speak it: an envelope with a WS-Security UsernameToken, and what comes back."""

import base64
import hashlib
import secrets
from datetime import UTC, datetime
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from datasources.contract import Clock
from datasources.errors import AuthenticationError, BadDataError, SourceError
from datasources.outgoing import Answer, Outgoing
from datasources.video.onvif.options import OnvifDevice

DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
SCHEMA = "http://www.onvif.org/ver10/schema"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
DIGEST = f"{WSSE}username-token-profile-1.0#PasswordDigest"
PARTS = ("Year", "Month", "Day", "Hour", "Minute", "Second")
FAULTS = (400, 500)
"""Statuses with which a device sends a Fault. 401 needs no body to be understood."""


class UnsupportedError(BadDataError):
    """The device does not do what it is asked."""


def token(user: str, password: str, nonce: bytes, created: str) -> str:
    """The UsernameToken (WS-Security 1.0): the password goes as Base64(SHA-1(nonce + created + password))."""
    digest = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()
    return (
        f'<Security xmlns="{WSSE}wssecurity-secext-1.0.xsd"><UsernameToken><Username>{escape(user)}</Username>'
        f'<Password Type="{DIGEST}">{base64.b64encode(digest).decode()}</Password>'
        f"<Nonce>{base64.b64encode(nonce).decode()}</Nonce>"
        f'<Created xmlns="{WSSE}wssecurity-utility-1.0.xsd">{created}</Created></UsernameToken></Security>'
    )


def envelope(body: str, header: str = "") -> bytes:
    """A SOAP 1.2 message."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>{header}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


class Conversation:
    """Asks one device. Its clock, which the token must agree with, is asked for first: many run wrong."""

    def __init__(self, device: OnvifDevice, client: Outgoing, clock: Clock) -> None:
        self._device, self._client, self._clock = device, client, clock
        self._ahead: int | None = None

    def ask(self, url: str, namespace: str, action: str, inner: str = "", *, open_to_all: bool = False) -> Element:
        """The body of the answer to an action. Raises the three errors; UnsupportedError where it is not offered."""
        header = "" if open_to_all or not self._device.user else self._token()
        message = envelope(f'<{action} xmlns="{namespace}">{inner}</{action}>', header)
        kind = f'application/soap+xml; charset=utf-8; action="{namespace}/{action}"'
        answer = self._client.post(url, content=message, headers={"Content-Type": kind}, accept=FAULTS)
        return _body(answer, action)

    def _token(self) -> str:
        if self._ahead is None:
            self._ahead = self._skew()
        created = datetime.fromtimestamp(self._clock() + self._ahead, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return token(self._device.user, self._device.secret, secrets.token_bytes(16), created)

    def _skew(self) -> int:
        """Seconds by which the device's clock is ahead of ours; 0 where it does not tell."""
        try:
            told = self.ask(self._device.url, DEVICE, "GetSystemDateAndTime", open_to_all=True).find(
                ".//{*}UTCDateTime"
            )
            if told is None:
                return 0
            year, month, day, *clock = (int(text(told, part)) for part in PARTS)
            moment = datetime(year, month, day, *clock, tzinfo=UTC)  # type: ignore[misc,arg-type]
        except (UnsupportedError, AuthenticationError, ValueError):
            return 0
        return int(moment.timestamp()) - self._clock()


def text(element: Element, name: str) -> str:
    """The text of the first element of this name below, whatever its namespace; empty where there is none."""
    return (element.findtext(f".//{{*}}{name}") or "").strip()


def _body(answer: Answer, action: str) -> Element:
    body = answer.xml().find("{*}Body")
    if body is None:
        raise BadDataError(f"{answer.place} does not answer as an ONVIF device; correct its url")
    if body.find("{*}Fault") is not None:
        raise _refusal(body, answer.place, action)
    if answer.status in FAULTS or body.find(f"{{*}}{action}Response") is None:
        raise BadDataError(f"{answer.place} does not answer {action} as an ONVIF device; correct its url")
    return body


def _refusal(body: Element, place: str, action: str) -> SourceError:
    """What a Fault means; the codes are those of the ONVIF core specification (5.8.2)."""
    said = " ".join(each.text or "" for each in body.iter() if each.tag.rpartition("}")[2] in ("Value", "Text"))
    if "NotAuthorized" in said or "not authorized" in said.casefold():
        return AuthenticationError(f"{place} refuses us; check the device's user and password")
    if "ActionNotSupported" in said or "not supported" in said.casefold() or "OptionalActionNotImplemented" in said:
        return UnsupportedError(f"{place} does not offer {action}")
    return BadDataError(f"{place} answers {action} with a fault; check the device, and its entry in options.devices")
