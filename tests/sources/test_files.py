import os
from pathlib import Path

from scanner.model.ledger import State
from scanner.sources.files import Unreadable, read_bytes


def test_a_file_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"x" * 1024 * 1024)
    assert read_bytes(str(path), 1024 * 1024) == path.read_bytes()
    too_large = Unreadable(State.UNPARSED, "the file is larger than 0.5 MiB")
    assert read_bytes(str(path), 512 * 1024) == too_large


def test_a_hundred_megabytes_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    assert read_bytes(str(path), 20 * 1024 * 1024) == Unreadable(State.UNPARSED, "the file is larger than 20 MiB")


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.touch()
    assert read_bytes(str(path), 10) == b""


def test_pipes_folders_and_devices_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_bytes(str(tmp_path / "pipe"), 10) == Unreadable(
        State.UNREACHABLE, "cannot read the file: it is a named pipe"
    )
    assert read_bytes(str(tmp_path), 10) == Unreadable(State.UNREACHABLE, "cannot read the file: it is a folder")
    assert read_bytes("/dev/zero", 10) == Unreadable(State.UNREACHABLE, "cannot read the file: it is a device")
    reason = "cannot open the file: no such file or directory"
    assert read_bytes(str(tmp_path / "gone"), 10) == Unreadable(State.UNREACHABLE, reason)
