"""One module a verb: `run(args)` does it and returns the exit code. Imported only when asked for."""
