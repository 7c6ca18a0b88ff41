"""SensorThings entities (OGC 18-088) as rows, and the collections that they come in."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from datasources.contract import GEOMETRY
from datasources.errors import BadDataError
from datasources.outgoing import Answer, Outgoing

ID, NEXT = "@iot.id", "@iot.nextLink"
Entity = dict[str, Any]

THING = (ID, "name", "type", "description", "properties", GEOMETRY)
READING = (
    ID, "phenomenonTime", "resultTime", "result", "resultQuality", "parameters", "observed", "value", "quality",
    "thing_id", "thing_name", "thing_link", "datastream_id", "datastream_name", "unit",
)  # fmt: skip
"""Columns that are there whatever a server leaves out; what else it gives comes beside them."""

QUALITY = ("quality", "code", "value", "status", "description")
"""Where a resultQuality that is an object says it in a word; the first that is a text or a number."""


def listed(answer: Answer) -> list[Any]:
    """The entities of an answer. Raises BadDataError for what is no collection."""
    found = answer.json()
    if isinstance(found, dict) and isinstance(found.get("value"), list):
        return list(found["value"])
    raise BadDataError(f"{answer.place} answers with something that is no list of entities; correct options.url")


def following(answer: Answer) -> str | None:
    """The address of the next answer, None where this is the last."""
    link = answer.json().get(NEXT)
    return urljoin(answer.url, link) if isinstance(link, str) and link else None


def collection(out: Outgoing, url: str, params: Mapping[str, Any]) -> Iterator[tuple[Answer, list[Any]]]:
    """Answer after answer, with the entities of each. Raises the three errors; BadDataError for links that run in a circle."""
    seen, link = {url}, None
    answer = out.get(url, params=params)
    while True:
        yield answer, listed(answer)
        link = following(answer)
        if link is None:
            return
        if link in seen:
            raise BadDataError(f"{answer.place} leads from answer to answer in a circle; mend the server")
        seen.add(link)
        answer = out.get(link)


def thing_row(thing: Any) -> Any:
    """A Thing with its type and its place; its expanded Locations and Datastreams go."""
    if not isinstance(thing, dict):
        return thing
    kept = {name: cell for name, cell in thing.items() if name not in ("Locations", "Datastreams")}
    return {**kept, "type": _type(thing), GEOMETRY: _geometry(thing)}


def _type(thing: Entity) -> str:
    """What the Thing's properties call its type, or else what its first Datastream observes."""
    own = (thing.get("properties") or {}).get("type")
    observed = [(each.get("ObservedProperty") or {}).get("name") for each in thing.get("Datastreams") or ()]
    return str(next((name for name in (own, *observed) if isinstance(name, str) and name), "sensor"))


def _geometry(thing: Entity) -> Any:
    places = [each.get("location") for each in thing.get("Locations") or ()]
    places += [each.get("observedArea") for each in thing.get("Datastreams") or ()]
    found = next((each for each in places if isinstance(each, dict)), None)
    return found.get("geometry") if found and found.get("type") == "Feature" else found


def about(datastream: Entity) -> Entity:
    """What every Observation of a Datastream is told of it."""
    thing, unit = datastream.get("Thing") or {}, datastream.get("unitOfMeasurement") or {}
    return {
        "thing_id": thing.get(ID), "thing_name": thing.get("name"), "thing_link": thing.get("@iot.selfLink"),
        "datastream_id": datastream[ID], "datastream_name": datastream.get("name"),
        "unit": unit.get("symbol") or unit.get("name"),
    }  # fmt: skip


def reading_row(observation: Any, known: Entity) -> Any:
    """An Observation with its Datastream. The end of a span of time is when it was observed; true and false are 1 and 0."""
    if not isinstance(observation, dict):
        return observation
    result = observation.get("result")
    return {
        **observation, **known, "observed": _when(observation).rpartition("/")[2] or None,
        "value": int(result) if isinstance(result, bool) else result, "quality": _word(observation.get("resultQuality")),
    }  # fmt: skip


def started(observation: Entity) -> float | None:
    """When what was observed began, epoch seconds: servers sort and filter by it. None where it cannot be read."""
    try:
        return datetime.fromisoformat(_when(observation).partition("/")[0]).timestamp()
    except ValueError:
        return None


def _when(observation: Entity) -> str:
    return str(observation.get("phenomenonTime") or observation.get("resultTime") or "")


def _word(quality: Any) -> str | None:
    found = quality[0] if isinstance(quality, list) and quality else quality
    if isinstance(found, dict):
        found = next((found[name] for name in QUALITY if isinstance(found.get(name), str | int | float)), None)
    return str(found) if isinstance(found, str | int | float) else None
