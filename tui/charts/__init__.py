"""Drawings of numbers: maps, histograms, curves and bars, as lines of styled text. Nothing here knows the screen."""
