"""The words of Bulkhead as frozen values: what every other package speaks in.

Nothing here reads a file, knows a format or evaluates anything.
"""
