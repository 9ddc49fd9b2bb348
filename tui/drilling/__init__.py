"""Drills in the terminal: what the screen and the lines of plain mode say alike, and the page of the screen."""
