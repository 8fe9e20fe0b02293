"""``python -m scanner``: the same as the command ``bulkhead``."""

from scanner.cli import main

main()
