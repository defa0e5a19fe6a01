"""Run the command with `python -m geo_lookup`."""

from geo_lookup.cli import main

main()
