"""OGC API - Features: the live edition as layers for a GIS, in memory, and in whatever CRS a client asks for."""
