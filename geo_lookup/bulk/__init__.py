"""Many points at once: frames, Arrow tables, files and clusters, with the answers of one point."""
