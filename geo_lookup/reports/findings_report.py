"""What an inspection found: as one HTML file with a map on which each finding can be seen, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray

from geo_lookup.crs import LONLAT, transform
from geo_lookup.geojson import in_degrees
from geo_lookup.model import Finding
from geo_lookup.quality.inspection import Inspection
from geo_lookup.reports.map import Mark, svg_map

MAP_WIDTH = 900


def templates() -> Environment:
    """The templates of the reports. Whatever they are given is escaped, and a name they are not given is an error."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def findings_html(inspection: Inspection) -> str:
    """The findings as a page of its own: a map and a table, nothing from elsewhere, readable without scripts too."""
    numbered = list(enumerate(inspection.findings, 1))
    marks = [
        Mark(f"mark-{number}", f"{number}. {one.message}", one.shape, one.level)
        for number, one in numbered
        if one.shape is not None and not one.shape.is_empty
    ]
    marks.sort(key=lambda mark: -mark.geometry.area)  # so that small ones lie on top
    drawing = Markup(svg_map(inspection.areas, marks, width=MAP_WIDTH))  # noqa: S704 - svg_map escapes what it is given
    seen = {mark.id for mark in marks}
    return (
        templates()
        .get_template("findings.html")
        .render(
            inspection=inspection, findings=numbered, drawing=drawing if inspection.areas or marks else None, seen=seen
        )
    )


def findings_json(inspection: Inspection) -> dict[str, Any]:
    """The findings as JSON; where one lies as a GeoJSON geometry, in longitude and latitude."""
    return {
        "edition": inspection.id,
        "title": inspection.title,
        "errors": inspection.errors,
        "warnings": inspection.warnings,
        "findings": [_finding_json(one, inspection.metric_crs) for one in inspection.findings],
    }


def read_findings(report: Path, rules: Collection[str], metric_crs: int) -> list[Finding]:
    """The findings of some rules, out of the JSON of an earlier report, with their shapes in the metric CRS again."""
    told = json.loads(report.read_text(encoding="utf-8"))["findings"]
    return [_finding(one, metric_crs) for one in told if one["rule"] in rules]


def _finding(told: dict[str, Any], metric_crs: int) -> Finding:
    geometry = told.pop("geometry")

    def to_metres(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transform(lonlat[:, 0], lonlat[:, 1], LONLAT, metric_crs))

    shape = None if geometry is None else shapely.transform(shapely.geometry.shape(geometry), to_metres)
    return Finding(**told, shape=shape)


def _finding_json(finding: Finding, metric_crs: int | None) -> dict[str, Any]:
    placed = finding.shape is not None and metric_crs is not None and not finding.shape.is_empty
    return {
        "level": finding.level,
        "rule": finding.rule,
        "file": finding.file,
        "row": finding.row,
        "field": finding.field,
        "message": finding.message,
        "remedy": finding.remedy,
        "geometry": in_degrees(finding.shape, metric_crs or 0).__geo_interface__ if placed else None,
    }
