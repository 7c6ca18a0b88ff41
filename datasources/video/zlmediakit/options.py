"""What [sources.options] may say to video.zlmediakit."""

from pydantic import Field, SecretStr

from datasources.video.platform import PlatformOptions


class ZlMediaKitOptions(PlatformOptions):
    """url: of the HTTP server. secret: `api.secret` of its config.ini. app: only streams of this application.

    snap_seconds: how long the server may take for a still. snap_age_seconds: how old a still of its cache may be.
    """

    secret: SecretStr
    app: str | None = None
    snap_seconds: int = Field(default=10, ge=1, le=60)
    snap_age_seconds: int = Field(default=1, ge=1)
