"""From the files of a source to rows, with every fault noted in place."""
