"""Every file of an edition, read: its areas and its tables, before anything is known to fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo_lookup.loading.areas import Areas, read_areas
from geo_lookup.loading.paths import read_paths
from geo_lookup.loading.tables import Table, read_table
from geo_lookup.manifest import Manifest
from geo_lookup.model import (
    Area,
    Assignment,
    ClosingDay,
    Finding,
    Manager,
    Office,
    Override,
    Project,
    Service,
    StreetAlias,
)

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@dataclass(frozen=True, slots=True)
class EditionTables:
    """Everything that was read of an edition, before anything is known to fit.

    `all_areas` is False where a layer could not be read, so that an area may be missing for no fault of others.
    `paths` are lines in the metric CRS; None where the edition has none, or none that can be used.
    """

    manifest: Manifest
    areas: Mapping[str, Area]
    all_areas: bool
    managers: Table[Manager]
    assignments: Table[Assignment]
    offices: Table[Office]
    closing_days: Table[ClosingDay]
    services: Table[Service]
    projects: Table[Project]
    overrides: Table[Override]
    street_aliases: Table[StreetAlias]
    paths: GeoDataFrame | None


def read_tables(manifest: Manifest, folder: Path, findings: list[Finding], areas: Areas | None = None) -> EditionTables:
    """Read every file that a manifest names; faults are noted in `findings`. Areas that are given are not read."""
    sources = manifest.tables
    areas = areas or read_areas(manifest, folder, findings)
    return EditionTables(
        manifest=manifest,
        areas=areas.by_id,
        all_areas=areas.complete,
        managers=read_table(sources.managers, folder, Manager, findings),
        assignments=read_table(sources.assignments, folder, Assignment, findings),
        offices=read_table(sources.offices, folder, Office, findings),
        closing_days=read_table(sources.closing_days, folder, ClosingDay, findings),
        services=read_table(sources.services, folder, Service, findings),
        projects=read_table(sources.projects, folder, Project, findings),
        overrides=read_table(sources.overrides, folder, Override, findings),
        street_aliases=read_table(sources.street_aliases, folder, StreetAlias, findings),
        paths=read_paths(manifest.layers.paths, folder, manifest.metric_crs, findings),
    )
