"""On foot: a network of paths, and how far it is along them to the nearest offices."""
