import errno
import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.errors import ReportError
from scanner.formats.write import write_report

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the devices of Linux")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_has_the_text_as_utf8_with_line_feeds(tmp_path: Path) -> None:
    write_report(str(tmp_path / "out.txt"), ["größe\n", "日本\n"])

    assert (tmp_path / "out.txt").read_bytes() == "größe\n日本\n".encode()
    assert left_in(tmp_path) == ["out.txt"]


def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_report(str(tmp_path / "out.txt"), ["x"])
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "out.txt").stat().st_mode) == 0o640


def test_an_existing_file_keeps_its_rights_and_loses_its_text(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("a longer text than the new one")
    target.chmod(0o604)

    write_report(str(target), ["new"])

    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o604


def test_a_symbolic_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "out.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real/out.txt")

    write_report(str(tmp_path / "link.txt"), ["new"])

    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real" / "out.txt").read_text() == "new"
    assert left_in(tmp_path) == ["link.txt", "real"]
    assert left_in(tmp_path / "real") == ["out.txt"]


def test_a_link_to_nothing_makes_its_target(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to("new.txt")

    write_report(str(tmp_path / "link.txt"), ["text"])

    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "new.txt").read_text() == "text"


def test_a_name_of_the_greatest_length_can_be_written(tmp_path: Path) -> None:
    name = "x" * 255
    write_report(str(tmp_path / name), ["text"])

    assert (tmp_path / name).read_text() == "text"


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), ValueError("a fault"), OSError(28, "full")])
def test_when_the_text_breaks_off_nothing_is_left_and_the_old_file_stays(
    tmp_path: Path, failure: BaseException
) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")

    def broken() -> Iterator[str]:
        yield "begun"
        raise failure

    with pytest.raises((KeyboardInterrupt, ValueError, ReportError)):
        write_report(str(target), broken())

    assert target.read_text() == "old"
    assert left_in(tmp_path) == ["out.txt"]


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(ReportError) as caught:
        write_report(str(tmp_path), ["x"])

    assert caught.value.diagnostics() == (
        f"cannot write report {tmp_path}: it is a directory\n  help: name a file in it, such as report.sarif"
    )


@pytest.mark.parametrize("name", ["", "new/"])
def test_a_path_without_a_file_name_is_no_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReportError, match=f"cannot write report '{name}': it names no file"):
        write_report(name, ["x"])

    assert left_in(tmp_path) == []


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ReportError) as caught:
        write_report(str(tmp_path / "missing" / "out.txt"), ["x"])

    assert caught.value.diagnostics() == (
        f"cannot write report {tmp_path}/missing/out.txt: no such file or directory\n"
        "  help: make its folder first; Bulkhead creates files, not folders"
    )
    assert left_in(tmp_path) == []


def test_a_path_that_cannot_be_one() -> None:
    with pytest.raises(ReportError, match=r"cannot write report 'a\\x00b': a path holds no null character"):
        write_report("a\x00b", ["x"])


@pytest.mark.parametrize(("code", "hint"), [(errno.EACCES, "may write"), (errno.EROFS, "read-only")])
def test_refusals_of_the_folder_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, hint: str
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ReportError) as caught:
        write_report(str(tmp_path / "out.txt"), ["x"])

    assert str(caught.value) == f"cannot write report {tmp_path}/out.txt: {os.strerror(code).lower()}"
    assert hint in caught.value.diagnostics()


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_disk_that_is_full_at_the_very_end_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, moment, full)
    with pytest.raises(ReportError) as caught:
        write_report(str(target), ["new"])

    assert caught.value.diagnostics() == (
        f"cannot write report {target}: no space left on device\n"
        "  help: free some space or choose another disk; nothing half-written was left behind"
    )
    assert target.read_text() == "old"
    assert left_in(tmp_path) == ["out.txt"]


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], check=False, capture_output=True, text=True, timeout=60
    )


AS_NOBODY = """
import os, sys
from scanner.errors import ReportError
from scanner.formats.write import write_report
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setgroups([])
    os.setuid(65534)
try:
    write_report("out.txt", ["new"])
except ReportError as error:
    print(error.diagnostics())
"""


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that another user can reach, as those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path
        path.chmod(0o755)


@linux
def test_a_folder_that_may_not_be_written(shared_folder: Path) -> None:
    shared_folder.chmod(0o555)

    assert run(AS_NOBODY, str(shared_folder)).stdout == (
        "cannot write report out.txt: permission denied\n"
        "  help: choose a path that you may write, or '-' for standard output\n"
    )
    assert left_in(shared_folder) == []


@linux
def test_a_write_protected_file_is_not_replaced_although_its_folder_would_allow_it(shared_folder: Path) -> None:
    (shared_folder / "out.txt").write_text("old")
    (shared_folder / "out.txt").chmod(0o444)
    shared_folder.chmod(0o777)

    assert run(AS_NOBODY, str(shared_folder)).stdout == (
        "cannot write report out.txt: it is write-protected\n"
        "  help: choose a path that you may write, or '-' for standard output\n"
    )
    assert (shared_folder / "out.txt").read_text() == "old"
    assert left_in(shared_folder) == ["out.txt"]


@linux
def test_a_limit_that_the_operating_system_enforces_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    program = """
import resource, signal, sys
from scanner.errors import ReportError
from scanner.formats.write import write_report
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    write_report(sys.argv[1], ("x" * 1000 for _ in range(100)))
except ReportError as error:
    print(error.diagnostics())
"""
    done = run(program, str(target))

    assert done.stdout == (
        f"cannot write report {target}: file too large\n  help: raise the limit on file sizes (ulimit -f) or choose "
        "'-' for standard output; nothing half-written was left\n"
    )
    assert target.read_text() == "old"
    assert left_in(tmp_path) == ["out.txt"]


@linux
def test_a_full_device_is_an_error_and_is_not_replaced() -> None:
    with pytest.raises(ReportError, match="cannot write report /dev/full: no space left on device"):
        write_report("/dev/full", ["x"])

    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@linux
def test_a_full_standard_output_is_one_error_and_no_noise_at_exit() -> None:
    program = """
import os, sys
from scanner.errors import ReportError
from scanner.formats.write import write_report
os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
try:
    write_report("-", ["x" * 100_000])
except ReportError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""
    done = run(program)

    assert done.returncode == 2
    assert done.stderr == "cannot write report standard output: no space left on device\n"


@linux
def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()

    write_report(str(pipe), ["through ", "the pipe"])
    reader.join(10)

    assert read == ["through the pipe"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@linux
def test_a_descriptor_that_is_a_file_is_written_through_its_descriptor(tmp_path: Path) -> None:
    with open(tmp_path / "redirected.txt", "w") as redirected:
        inode = os.fstat(redirected.fileno()).st_ino
        write_report(f"/dev/fd/{redirected.fileno()}", ["text"])

    assert (tmp_path / "redirected.txt").read_text() == "text"
    assert (tmp_path / "redirected.txt").stat().st_ino == inode


def test_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    write_report("-", ["one ", "größe\n"])

    assert capsys.readouterr().out == "one größe\n"


def test_a_terminal_that_knows_no_lines_gets_plain_ones() -> None:
    program = "from scanner.formats.write import write_report; write_report('-', ['── 3 │ größe …\\n'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )

    assert done.stdout == b"-- 3 | gr\\xf6\\xdfe ~\n"


@linux
def test_a_reader_that_has_gone_is_the_callers_business() -> None:
    program = """
import sys
from scanner.formats.write import write_report
try:
    write_report("-", ("x" * 65536 for _ in range(100)))
except BrokenPipeError:
    sys.stderr.write("broken pipe")
    sys.stderr.flush()
    import os; os._exit(0)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b"broken pipe"
    process.stderr.close()
    process.wait(10)
