"""Is an edition not only readable, but sound? Checked where editions are made, never where they are loaded."""
