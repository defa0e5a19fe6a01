"""What the environment says: every variable begins with GEO_LOOKUP_."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one service.

    `edition` is the folder of an edition or a published one; the bundled demo if it is not set. `body_limit` is
    the largest request body that is read, in bytes; `bulk_limit` that of bulk look-ups.
    """

    model_config = SettingsConfigDict(env_prefix="GEO_LOOKUP_", env_ignore_empty=True)

    edition: Path | None = None
    body_limit: int = Field(default=65_536, gt=0)
    bulk_limit: int = Field(default=33_554_432, gt=0)
