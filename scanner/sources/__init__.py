"""Sources: places Resources are read from, each behind :class:`scanner.sources.interface.Source`."""
