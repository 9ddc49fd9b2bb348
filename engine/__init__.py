"""The engine: traced arithmetic, ops, graphs, timelines. It knows neither the terminal nor any file format."""
