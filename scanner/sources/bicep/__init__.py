"""Bicep: read, bound and lowered to the program that :mod:`scanner.sources.arm` evaluates."""
