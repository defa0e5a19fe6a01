"""Two editions side by side: what becomes of areas, people, offices and addresses when one takes the other's place."""
