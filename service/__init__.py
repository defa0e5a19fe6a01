"""The HTTP service: a thin layer over geo_lookup."""
