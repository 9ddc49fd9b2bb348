"""`python -m stepgrad` is the `stepgrad` command."""

from stepgrad.tui.cli import main

raise SystemExit(main())
