"""What the environment says: every variable begins with GEO_LOOKUP_."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The map that lies under ours: a template of tile addresses with {z}, {x} and {y}, and whom it is owed to."""

    url: str | None
    attribution: str

    @property
    def host(self) -> str | None:
        """The scheme and host that tiles come from."""
        parts = urlsplit(self.url or "")
        return f"{parts.scheme}://{parts.netloc}" if self.url else None


class Settings(BaseSettings):
    """Settings of one service.

    `edition` is the folder of an edition or a published one; the bundled demo if it is not set. `body_limit` is
    the largest request body that is read, in bytes; `bulk_limit` that of bulk look-ups. `follow_seconds` is how often
    it is looked whether another edition is live. `public_url` is where people find the pages, without a slash at the
    end. `base_map` is a template of tiles in Web Mercator (EPSG:3857), with {z}, {x} and {y}, such as the GRB of
    Flanders; by default there is none, so that a page asks no other host for anything.
    """

    model_config = SettingsConfigDict(env_prefix="GEO_LOOKUP_", env_ignore_empty=True)

    edition: Path | None = None
    body_limit: int = Field(default=65_536, gt=0)
    bulk_limit: int = Field(default=33_554_432, gt=0)
    follow_seconds: float = Field(default=2.0, gt=0)
    public_url: str | None = Field(default=None, pattern=r"^https?://[^\s/?#]+(/[^\s?#]*[^\s/?#])?$")
    base_map: str | None = Field(default=None, pattern=r"^https?://[^\s/?#{}'\";,]+/[^\s'\"]*\{[^\s'\"]*$")
    base_map_attribution: str = ""

    def tiles(self) -> BaseMap:
        """The base map of the pages."""
        return BaseMap(self.base_map, self.base_map_attribution)
