import os
import socket
import sys
import time
from pathlib import Path

import pytest

from scanner.sources.rendered import tools
from scanner.sources.rendered.tools import Missing, Scratch, Tool, find_tool, run


def _executable(folder: Path, name: str, body: str = "") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{body}\n")
    path.chmod(0o755)
    return str(path)


def _tool(folder: Path, body: str) -> Tool:
    return Tool("helm", (_executable(folder, "helm", body),))


def test_the_path_comes_before_the_folders_of_tools(tmp_path: Path) -> None:
    first, second = _executable(tmp_path / "a", "helm"), _executable(tmp_path / "b", "helm")
    both = {"PATH": str(tmp_path / "a"), "BULKHEAD_TOOLS": str(tmp_path / "b")}
    assert find_tool("helm", both) == Tool("helm", (first,))
    assert find_tool("helm", {"PATH": "", "BULKHEAD_TOOLS": str(tmp_path / "b")}) == Tool("helm", (second,))


def test_relative_folders_do_not_count(tmp_path: Path) -> None:
    _executable(tmp_path / "a", "helm")
    here = os.path.relpath(tmp_path / "a")
    missing = find_tool("helm", {"PATH": here, "HOME": str(tmp_path)})
    assert isinstance(missing, Missing)
    assert "helm is not found; install Helm 3 or 4" in missing.reason


def test_kubectl_stands_in_for_kustomize(tmp_path: Path) -> None:
    path = _executable(tmp_path, "kubectl")
    assert find_tool("kustomize", {"PATH": str(tmp_path), "HOME": "/nowhere"}) == Tool("kustomize", (path, "kustomize"))


def test_the_environment_leads_nowhere(tmp_path: Path) -> None:
    os.environ["BULKHEAD_TEST_SECRET"] = "x"
    try:
        ran = run(_tool(tmp_path, "import os, json; print(json.dumps(dict(os.environ)))"), [], Scratch())
    finally:
        del os.environ["BULKHEAD_TEST_SECRET"]
    assert not ran.fault, ran.errors
    text = ran.output.decode()
    assert "BULKHEAD_TEST_SECRET" not in text
    assert '"PATH"' not in text
    assert '"KUBECONFIG": "/dev/null"' in text
    assert '"HTTPS_PROXY": "http://127.0.0.1:9"' in text


def test_noise_is_no_fault_and_a_status_is(tmp_path: Path) -> None:
    ran = run(_tool(tmp_path, "import sys; print('ok'); print('noise', file=sys.stderr)"), [], Scratch())
    assert (ran.output, ran.errors, ran.fault) == (b"ok\n", "noise\n", "")
    ran = run(_tool(tmp_path, "raise SystemExit(3)"), [], Scratch())
    assert ran.fault == "helm ended with status 3"


def test_a_program_that_does_not_end_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    late = "time.sleep(1.5)\n    open(os.environ['HOME'] + '/late', 'w')"
    body = f"import os, time\nif os.fork() == 0:\n    {late}\ntime.sleep(60)"
    scratch = Scratch()
    started = time.monotonic()
    ran = run(_tool(tmp_path, body), [], scratch, timeout_s=0.5)
    assert ran.fault == "helm was stopped after 0.5 s"
    assert time.monotonic() - started < 5
    time.sleep(1.5)
    assert not os.path.exists(os.path.join(scratch.path, "home", "late"))


def test_output_is_bounded(tmp_path: Path) -> None:
    before, tools.MAX_OUTPUT_BYTES = tools.MAX_OUTPUT_BYTES, 1 << 20
    try:
        body = (
            "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nwhile True: print('x' * 100000, flush=True)"
        )
        ran = run(_tool(tmp_path, body), [], Scratch())
    finally:
        tools.MAX_OUTPUT_BYTES = before
    assert ran.fault == "helm wrote more than 1 MiB"
    assert len(ran.output) <= 1 << 20


def test_a_program_that_cannot_run_is_a_fault(tmp_path: Path) -> None:
    ran = run(Tool("helm", (str(tmp_path / "none"),)), [], Scratch())
    assert ran.fault == "cannot run helm: no such file or directory"


def test_the_scratch_folder_goes_away() -> None:
    scratch = Scratch()
    path = scratch.folder("a")
    assert os.path.isdir(path)
    del scratch
    assert not os.path.exists(path)


def test_there_is_no_network(tmp_path: Path) -> None:
    if "unshared" not in _network(tmp_path, "-"):
        pytest.skip("this system does not let a process give up its network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert "OSError" in _network(tmp_path, str(server.getsockname()[1]))


def _network(tmp_path: Path, port: str) -> str:
    body = (
        "import os, socket\n"
        f"print('unshared' if os.readlink('/proc/self/ns/net') != {os.readlink('/proc/self/ns/net')!r} else 'shared')\n"
        f"if {port!r} != '-':\n"
        "    try:\n"
        f"        socket.create_connection(('127.0.0.1', {port!r}), 2)\n"
        "    except OSError as error:\n"
        "        print('OSError', error)\n"
    )
    return run(_tool(tmp_path, body), [], Scratch()).output.decode()
