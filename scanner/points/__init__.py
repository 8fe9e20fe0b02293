"""Enforcement points: where verdicts turn into actions. Each is a choice around :func:`scanner.scan.scan`."""
