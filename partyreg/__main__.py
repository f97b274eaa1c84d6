"""`python -m partyreg COMMAND`: the command line."""

from partyreg.cli import main

raise SystemExit(main())
