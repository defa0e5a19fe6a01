"""The pages of the site that are made of what the code says: the command line, and HTTP.

MkDocs calls `on_files` while it gathers the pages (https://www.mkdocs.org/user-guide/configuration/#hooks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from geo_lookup.cli import app
from service.app import create_app
from service.settings import Settings


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to those that are written by hand."""
    for name, lines in (("command-line", command_line()), ("http", http(create_app(Settings()).openapi()))):
        files.append(File.generated(config, f"reference/{name}.md", content="\n".join(lines)))
    return files


def command_line() -> Iterator[str]:
    """The commands with their arguments and options, in the order of `geo-lookup --help`."""
    group: Any = typer.main.get_command(app)
    yield "# Command line\n"
    yield f"{group.help}\n"
    for name, command in group.commands.items():
        context = command.make_context(f"geo-lookup {name}", [], resilient_parsing=True)
        yield f"## geo-lookup {name} {{ #{name} }}\n"
        yield f"{command.help}\n"
        yield f"```text\n{' '.join([f'geo-lookup {name}', *command.collect_usage_pieces(context)])}\n```\n"
        told = [one.get_help_record(context) for one in command.get_params(context)]
        rows = [(f"`{re.sub(r' <.*>', '', one[0])}`", one[1]) for one in told if one]  # their types say little
        yield from _table(("argument or option", "meaning"), rows)


def http(openapi: dict[str, Any]) -> Iterator[str]:
    """The routes with their parameters and answers, in the order of the OpenAPI description."""
    yield "# HTTP\n"
    yield (
        "A running service describes itself at `/docs`, where requests can be tried, and for programs at "
        "`/openapi.json`. What goes wrong is answered as `application/problem+json` "
        "([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) and never repeats what was asked. The fields of an "
        "answer are those of [`Answer`][geo_lookup.answer.Answer].\n"
    )
    for path, methods in openapi["paths"].items():
        for method, route in methods.items():
            yield f"## {method.upper()} {path} {{ #{route['operationId']} }}\n"
            yield f"**{route['summary']}**\n"
            yield f"{route.get('description', '')}\n"
            parameters = [(f"`{one['name']}`", one.get("description", "")) for one in route.get("parameters", [])]
            yield from _table(("parameter", "meaning"), parameters)
            answers = [(status, _said(one)) for status, one in route["responses"].items()]
            yield from _table(("status", "answer"), answers)


def _said(response: dict[str, Any]) -> str:
    description = str(response["description"]).replace("Successful Response", "The answer")
    kinds = ", ".join(f"`{kind}`" for kind in response.get("content", {}))
    return f"{description}: {kinds}" if kinds else description


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    lines = [tuple(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    if lines:
        yield from (f"| {first} | {second} |" for first, second in [head, ("---", "---"), *lines])
        yield ""
