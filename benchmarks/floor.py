"""The floor: walks, reads and parses, and does nothing with it. No scan can cost less than this with these readers.

python -m benchmarks.floor PATH...      prints CPU seconds, files and documents
"""

import os
import sys
import time
from collections.abc import Sequence

from scanner.documents import DEFAULT_LIMITS, read_json, read_yaml
from scanner.sources.files import Unreadable, read_bytes
from scanner.sources.walk import walk


def floor(paths: Sequence[str]) -> float:
    """Return the CPU seconds it takes to walk ``paths`` and to read and parse every file that may hold manifests."""
    started = time.process_time()
    parse(paths)
    return time.process_time() - started


def parse(paths: Sequence[str]) -> tuple[int, int]:
    """Read and parse everything below ``paths``; returns the number of files and of documents."""
    files = documents = 0
    for found in walk(paths, os.getcwd()).files:
        data = read_bytes(found.path, DEFAULT_LIMITS.max_bytes)
        if not isinstance(data, Unreadable):
            read = read_json if found.name.endswith(".json") else read_yaml
            documents += len(read(data).documents)
            files += 1
    return files, documents


def main() -> None:
    """Measure the paths on the command line."""
    started = time.process_time()
    files, documents = parse(sys.argv[1:])
    print(f"{time.process_time() - started:.3f} s, {files} files, {documents} documents")


if __name__ == "__main__":
    main()
