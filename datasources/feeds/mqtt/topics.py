"""Topic templates: what to subscribe to, and which level of a topic is which column."""

from dataclasses import dataclass

from datasources.feeds.mqtt.options import NAME


@dataclass(frozen=True)
class Template:
    """One template: the filter the broker is told, and name → level of its columns."""

    filter: str
    columns: dict[str, int]

    @classmethod
    def of(cls, text: str) -> "Template":
        """The template that a setting such as "site/{building}/{measure}" describes."""
        found = {each[1]: level for level, part in enumerate(text.split("/")) if (each := NAME.fullmatch(part))}
        return cls(NAME.sub("+", text), found)

    def fits(self, levels: list[str]) -> bool:
        """Whether a topic belongs here (MQTT 5, 4.7: a filter that begins with a wildcard takes no $ topics)."""
        wanted = self.filter.split("/")
        if levels[0].startswith("$") and wanted[0] in ("+", "#"):
            return False
        if wanted[-1] == "#":
            return len(levels) >= len(wanted) - 1 and _alike(wanted[:-1], levels)
        return len(levels) == len(wanted) and _alike(wanted, levels)


def _alike(wanted: list[str], levels: list[str]) -> bool:
    return all(part in ("+", level) for part, level in zip(wanted, levels, strict=False))


def columns_of(topic: str, templates: tuple[Template, ...]) -> dict[str, str]:
    """The columns that a topic fills, by the first template it fits."""
    levels = topic.split("/")
    found = next((each for each in templates if each.fits(levels)), None)
    return {} if found is None else {name: levels[level] for name, level in found.columns.items()}
