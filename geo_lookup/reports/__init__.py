"""Reports that people read: one file each, with a map, that opens anywhere and asks for nothing from elsewhere."""
