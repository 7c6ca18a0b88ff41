"""What [sources.options] may say to visuals.xyz."""

from pydantic import model_validator

from config_errors import hint, problem
from datasources.visuals.addresses import blanks
from datasources.visuals.options import ServedOptions

BLANKS = ("z", "x", "y", "-y", "s")
"""What a template may leave open; -y is the row counted from the south, s one of the subdomains."""


class XyzOptions(ServedOptions):
    """url: with {z}, {x} and {y}, or {-y} where rows are counted from the south; {s} is one of subdomains."""

    subdomains: tuple[str, ...] = ("a", "b", "c")

    @model_validator(mode="after")
    def _a_template(self) -> "XyzOptions":
        named = blanks(self.url)
        if not {"z", "x"} <= named or not named & {"y", "-y"}:
            raise problem("is no template; write for example https://host/{z}/{x}/{y}.png", "url")
        for name in sorted(named - set(BLANKS)):
            raise problem(f"has a blank {{{name}}} that nobody fills{hint(name, BLANKS)}", "url")
        return self
