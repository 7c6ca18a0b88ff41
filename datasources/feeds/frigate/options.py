"""What [sources.options] may say to feeds.frigate: which things are detections, and where the cameras are."""

import re

from pydantic import Field, SecretStr, field_validator, model_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of
from datasources.addresses import Address

USUAL_LABELS = ("smoke", "fire", "blocked_exit")
IDENTITIES = frozenset(
    [
        "person",
        "persons",
        "people",
        "human",
        "pedestrian",
        "man",
        "men",
        "woman",
        "women",
        "boy",
        "girl",
        "child",
        "children",
        "baby",
        "face",
        "faces",
        "head",
        "license",
        "licence",
        "plate",
        "plates",
        "lpr",
        "人",
        "行人",
        "人员",
        "人脸",
        "车牌",
        "小孩",
        "老人",
    ]
)
"""Words of labels that are people, or lead to one. GridHall takes detections of things, never identities."""


class FrigateOptions(Frozen):
    """url: of Frigate. labels: the things whose detections are taken. places: camera → [longitude, latitude].

    user, password: of an account, where Frigate asks for one (both, or none). cameras: only these. least_score: 0 to 1.
    first: how far back the first read goes. overlap: how long after it began a detection may still appear in the list.
    """

    url: Address
    hosts: tuple[str, ...] = ()
    labels: tuple[str, ...] = Field(default=USUAL_LABELS, min_length=1)
    places: dict[str, tuple[float, float]] = Field(default_factory=dict)
    cameras: tuple[str, ...] = ()
    least_score: float = Field(default=0.0, ge=0, le=1)
    user: str = ""
    password: SecretStr = SecretStr("")
    first: Duration = "1d"
    overlap: Duration = "10m"
    page_rows: int = Field(default=100, ge=2)

    @field_validator("labels")
    @classmethod
    def _things_only(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        for label in labels:
            if IDENTITIES & set(re.split(r"[\W_]+", label.casefold())):
                raise problem(f"'{label}' is a person, or leads to one; only things may be detections here: remove it")
            if not label.strip() or "," in label or label == "all":
                raise problem(f"'{label}' is no label of one thing; write each label by itself")
        return labels

    @model_validator(mode="after")
    def _user_with_password(self) -> "FrigateOptions":
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise problem("user and password go together", "user")
        return self

    @property
    def first_seconds(self) -> int:
        """How far back the first read goes."""
        return seconds_of(self.first)

    @property
    def overlap_seconds(self) -> int:
        """How long a detection may take to appear."""
        return seconds_of(self.overlap)
