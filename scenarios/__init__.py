"""The lessons, and all that turns a file into a graph."""
