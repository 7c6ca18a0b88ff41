"""What the broker, the library and the system say when something is wrong, as one of the three errors."""

import ssl

from paho.mqtt.enums import MQTTErrorCode

from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError

NOT_LET_IN = {"Bad user name or password", "Not authorized", "Bad authentication method", "Banned"}
MISTAKES = {"Unsupported protocol version", "Client identifier not valid", "Topic filter invalid"}

BROKEN = {
    MQTTErrorCode.MQTT_ERR_CONN_LOST: "the connection broke",
    MQTTErrorCode.MQTT_ERR_NO_CONN: "the connection broke",
    MQTTErrorCode.MQTT_ERR_ERRNO: "the connection broke",
    MQTTErrorCode.MQTT_ERR_KEEPALIVE: "it does not answer",
    MQTTErrorCode.MQTT_ERR_PROTOCOL: "it does not speak MQTT",
}
"""The library's codes in plain words."""


def away(place: str, why: str) -> TemporaryError:
    """The broker cannot be reached."""
    return TemporaryError(f"{place} cannot be reached ({why}); it will be tried again")


def refusal(place: str, why: str) -> SourceError:
    """The broker says no, in the words of MQTT 5 (2.4)."""
    if why in NOT_LET_IN:
        return AuthenticationError(
            f"{place} refuses us ({why}); check options.user and the password in the environment"
        )
    if why in MISTAKES:
        return BadDataError(f"{place} does not understand us ({why}); correct options.version, client or topics")
    return away(place, why)


def broken(place: str, client: str, state: MQTTErrorCode, said: str) -> TemporaryError:
    """The connection is gone. said: the broker's last words, "" where it had none."""
    why = said if said and said != "Unspecified error" else BROKEN.get(state, state.name)
    return TemporaryError(
        f"{place} broke off ({why}); it will be tried again. If it goes on, see that nobody else comes in as '{client}'"
    )


def plain(error: Exception) -> str:
    """An error of the system in a few words."""
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.strerror:
        return error.strerror
    return (str(error).splitlines() or [""])[0][:120] or type(error).__name__
