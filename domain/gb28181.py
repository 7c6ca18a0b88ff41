"""The 20-digit codes of GB/T 28181 (rule A): 8 centre, 2 industry, 3 type, 1 network, 6 serial.

What the digits mean differs between the editions of 2016 and 2022; both tables are here, transcribed from public
implementations of the standard (its text could not be read). A value that stands in no table has no name: None.
"""

from dataclasses import dataclass

from domain.gb28181_tables import EDITIONS, GROUPS, INDUSTRIES, KINDS, NETWORKS

NEWEST = EDITIONS[-1]
CAMERAS = frozenset({"131", "132"})
BLIND = frozenset({"134", "135", "136", "137", "140", "215", "216"})
"""Channels without a picture: alarm and audio inputs and outputs, 业务分组 and 虚拟组织 (branches of a platform's tree)."""
PTZ_TYPES = {"1": "dome", "2": "half_dome", "3": "fixed", "4": "remote"}
"""PTZType of a catalogue entry → a word of domain.cameras.PTZ_TYPES; the values that 2022 adds have none."""


class CodeError(ValueError):
    """Not a code of rule A. str() is one clear sentence."""


@dataclass(frozen=True)
class Code:
    """A code in its parts, each as the digits stand."""

    centre: str
    industry: str
    kind: str
    network: str
    serial: str

    def __str__(self) -> str:
        return f"{self.centre}{self.industry}{self.kind}{self.network}{self.serial}"

    @property
    def division(self) -> str:
        """The administrative division (GB/T 2260) of the centre without the zeros that fill it up: 2, 4 or 6 digits, else "".

        The last two of the eight digits name the unit that the device is connected to, not a sub-district.
        """
        digits = self.centre[:6]
        while digits.endswith("00"):
            digits = digits[:-2]
        return digits

    @property
    def is_camera(self) -> bool:
        """摄像机 or 网络摄像机: what has a picture of its own. Recorders show several, through channels of theirs."""
        return self.kind in CAMERAS

    @property
    def group(self) -> str | None:
        """To which range of types it belongs, a message id; None below 111."""
        return next((name for first, last, name in GROUPS if first <= int(self.kind) <= last), None)

    def names(self, edition: str = NEWEST) -> dict[str, str | None]:
        """industry, kind and network in the words of an edition ("2016" or "2022"), message ids; None = in no table.

        Raises KeyError for an edition that is not known.
        """
        return {
            "industry": INDUSTRIES[edition].get(self.industry),
            "kind": KINDS[edition].get(self.kind),
            "network": NETWORKS[edition].get(self.network),
        }


def parse(text: str) -> Code:
    """The parts of a code. Raises CodeError."""
    digits = text.strip()
    if len(digits) != 20 or not digits.isascii() or not digits.isdigit():
        raise CodeError(f"'{digits[:40]}' is no code of GB/T 28181; it has 20 digits, like 34020000001320000101")
    return Code(digits[:8], digits[8:10], digits[10:13], digits[13], digits[14:])


def is_watched(text: str) -> bool:
    """Whether a channel may have a picture: all but those whose code says that they have none."""
    return not is_code(text) or parse(text).kind not in BLIND


def in_id(external_id: str) -> Code | None:
    """The code in a camera's id: the id itself, or what stands behind its last slash; None where there is none."""
    text = external_id.rpartition("/")[2]
    return parse(text) if is_code(text) else None


def is_code(text: str) -> bool:
    """Whether a text is a code of rule A."""
    try:
        parse(text)
    except CodeError:
        return False
    return True
