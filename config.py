"""Settings: one TOML file plus environment, validated, frozen, read once. Of the house it knows the vocabulary only."""

import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from config_cases import Cases, CategorySettings
from config_errors import ConfigError, hint, nearest, problem, read_model
from config_figures import Figures
from config_public import Public
from config_security import Security
from config_sources import FieldSpec, Frozen, Pins, Rules, SourceSettings, Unfold, Zone
from config_trust import Trust
from config_video import Video
from config_watch import Watch

__all__ = [
    "AreaSettings", "Bus", "ConfigError", "FieldSpec", "Pins", "Rules", "Settings", "Site", "SourceSettings", "Store",
    "Subdivide", "Unfold", "load", "nearest", "read_model",
]  # fmt: skip

DEMO = Path(__file__).parent / "demo" / "town.toml"
ENV = re.compile(r"\$\{ENV:([^}]*)\}")
OVERRIDES = {
    "GRIDHALL_STORE_URL": ("store", "url"), "GRIDHALL_BUS_URL": ("bus", "url"), "GRIDHALL_SECRET": ("security", "secret"),
    "GRIDHALL_ALLOW_DEMO_ACCOUNTS": ("security", "allow_demo_accounts"),
}  # fmt: skip
SQLITE = "sqlite:///"


def _url(*forms: str) -> AfterValidator:
    """Accept "" and what starts as one of the forms."""

    def check(url: str) -> str:
        if url and not url.startswith(tuple(form.rstrip("…") for form in forms)):
            raise problem(f"'{url.partition('://')[0]}:…' is not allowed; write {' or '.join(forms)}")
        return url

    return AfterValidator(check)


def _network(text: str) -> str:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise problem(f"'{text}' is not an address or a network; write 10.0.0.7 or 10.0.0.0/8") from None
    return text


class Site(Frozen):
    """The place this installation serves."""

    name: str = "GridHall"
    timezone: Zone = "Asia/Shanghai"
    language: Literal["zh_CN", "en"] = "zh_CN"
    public_url: str = ""
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = ()


class Store(Frozen):
    """Where rows are kept; an empty url means SQLite under var."""

    url: Annotated[str, _url("sqlite:///…", "postgresql+psycopg://…")] = ""


class Bus(Frozen):
    """Quicker hints between processes; an empty url means none."""

    url: Annotated[str, _url("redis://…", "rediss://…", "unix://…")] = ""


class Subdivide(Frozen):
    """Cut each area into square grids with sides of `metres`."""

    metres: float = Field(gt=0)


class AreaSettings(Frozen):
    """One level of areas, from a boundary file or from a connector."""

    level: Literal["city", "district", "street", "community", "grid"]
    file: Path | None = None
    connector: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    code: str = "code"
    name: str = "name"
    parent: str | None = None
    crs: str = "EPSG:4326"
    subdivide: Subdivide | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> "AreaSettings":
        if (self.file is None) == (self.connector is None):
            raise problem("name either a file or a connector")
        for key in ("code", "name"):
            if self.file is not None and key not in self.model_fields_set:
                raise problem("is missing; name the property of the file that holds it", key)
        return self


class Settings(Frozen):
    """Everything a run is told."""

    site: Site = Site()
    store: Store = Store()
    bus: Bus = Bus()
    security: Security = Security()
    cases: Cases = Cases()
    categories: tuple[CategorySettings, ...] = ()
    figures: Figures = Figures()
    public: Public = Public()
    trust: Trust = Trust()
    watch: Watch = Watch()
    video: Video = Video()
    areas: tuple[AreaSettings, ...] = ()
    sources: tuple[SourceSettings, ...] = ()
    folder: Path = Path()
    var: Path = Path("var")

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL of the store."""
        return self.store.url or f"{SQLITE}{self.var / 'gridhall.db'}"

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Settings":
        seen: set[str] = set()
        for source in self.sources:
            if source.name in seen:
                raise problem(f"two sources have the name '{source.name}'; rename one", "sources")
            seen.add(source.name)
        if "gridhall" in seen:
            raise problem("the name 'gridhall' is kept for what is reported here; give the source another", "sources")
        names = [category.name for category in self.categories]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise problem(f"two categories have the name '{twice}'; rename one", "categories")
        return self


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the file (None = the demo town) with secrets and overrides from environ.

    Raises ConfigError, one line: the file, the key's full path, what to write instead.
    """
    path = (path or DEMO).absolute()
    try:
        return _settings(_toml(path), path.parent, environ)
    except ConfigError as error:
        raise ConfigError(f"{path.name}: {error}") from error


def _settings(raw: dict[str, Any], folder: Path, environ: Mapping[str, str]) -> Settings:
    for key in ("folder", "var"):
        if key in raw:
            raise ConfigError(
                f"{key}: unknown key"
                + hint(
                    key,
                    (
                        "site",
                        "store",
                        "bus",
                        "security",
                        "cases",
                        "categories",
                        "public",
                        "trust",
                        "video",
                        "watch",
                        "areas",
                        "sources",
                    ),
                )
            )
    raw = _expand(raw, environ, "")
    for variable, (table, key) in OVERRIDES.items():
        if environ.get(variable):
            raw.setdefault(table, {})[key] = environ[variable]
    _resolve(raw, folder)
    var = Path(environ.get("GRIDHALL_VAR") or "var").absolute()
    return read_model(Settings, {**raw, "folder": folder, "var": var})


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        near = hint(path.name, [each.name for each in path.parent.glob("*.toml")])
        raise ConfigError(f"no such file in {path.parent}{near}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"cannot be read from {path.parent}: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax(str(error))) from error


def _syntax(message: str) -> str:
    found = re.fullmatch(r"(.*) \(at (.*)\)", message, re.DOTALL)
    return f"{found[2]}: {found[1][:1].lower()}{found[1][1:]}" if found else message


def _expand(value: Any, environ: Mapping[str, str], at: str) -> Any:
    """Put the environment's text wherever a string says ${ENV:NAME}."""
    if isinstance(value, str):
        return ENV.sub(lambda found: _variable(found[1], environ, at), value)
    if isinstance(value, dict):
        return {key: _expand(each, environ, f"{at}.{key}" if at else key) for key, each in value.items()}
    if isinstance(value, list):
        return [_expand(each, environ, f"{at}.{_label(each, number)}") for number, each in enumerate(value, 1)]
    return value


def _label(item: Any, number: int) -> str:
    return str(item.get("name") or item.get("level") or f"#{number}") if isinstance(item, dict) else f"#{number}"


def _variable(name: str, environ: Mapping[str, str], at: str) -> str:
    if name not in environ:
        raise ConfigError(f"{at}: the environment variable {name} is not set; set it and start again")
    return environ[name]


def _resolve(raw: dict[str, Any], folder: Path) -> None:
    """Make relative paths start at the file's folder, and sources take the site's zone where they name none."""
    for area in _tables(raw, "areas"):
        if isinstance(area.get("file"), str):
            area["file"] = folder / area["file"]
    site = raw.get("site")
    zone = site.get("timezone") if isinstance(site, dict) else None
    for source in _tables(raw, "sources"):
        if zone is not None:
            source.setdefault("timezone", zone)
    store = raw.get("store")
    url = store.get("url") if isinstance(store, dict) else None
    if isinstance(store, dict) and isinstance(url, str) and url.startswith(SQLITE) and not url.endswith(":memory:"):
        store["url"] = SQLITE + str(folder / url[len(SQLITE) :])


def _tables(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    tables = raw.get(key)
    return [each for each in tables if isinstance(each, dict)] if isinstance(tables, list) else []
