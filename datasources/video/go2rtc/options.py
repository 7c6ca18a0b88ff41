"""What [sources.options] may say to video.go2rtc."""

from datasources.video.platform import BasicOptions


class Go2RtcOptions(BasicOptions):
    """url: of the API, such as http://host:1984; its streams are there too unless media says otherwise.

    user, password: of the section `api` of its configuration.
    """
