"""Runs a program that renders: found once, in an environment of its own, without network, within limits.

Knows nothing of charts or overlays. What the program writes to standard error never decides anything by itself.
"""

import os
import shutil
import signal
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

MAX_OUTPUT_BYTES = 64 << 20
MAX_MEMORY_BYTES = 3 << 30
"""Address space; the run time of Go reserves far more than it uses."""
TIMEOUT_S = 60.0

_TOOLS = "BULKHEAD_TOOLS"
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_DEAD_PROXY = "http://127.0.0.1:9"
_INSTALL = {
    "helm": "install Helm 3 or 4 (https://helm.sh/docs/intro/install/) and put it on the PATH",
    "kustomize": "install kustomize 5 (https://kubectl.docs.kubernetes.io/installation/kustomize/) or kubectl, "
    "and put it on the PATH",
}


class Tool(NamedTuple):
    """A program that is there."""

    name: str
    command: tuple[str, ...]
    """The executable by its absolute path, and what always follows it."""


class Missing(NamedTuple):
    """A program that is not there."""

    name: str

    @property
    def reason(self) -> str:
        """What to say of it, with the next step."""
        return f"cannot render: {self.name} is not found; {_INSTALL[self.name]}"


class Ran(NamedTuple):
    """What a run came to."""

    output: bytes
    errors: str
    """Standard error, at most its last 64 KiB."""
    fault: str
    """Why the output does not count; empty where the program ended well."""


def find_tool(name: str, environment: Mapping[str, str] | None = None) -> Tool | Missing:
    """Return the program ``name``: from the PATH, else from ``$BULKHEAD_TOOLS``, else from the user's cache.

    Relative entries of the PATH do not count: they may lead into what is scanned.
    """
    environment = os.environ if environment is None else environment
    cache = environment.get("XDG_CACHE_HOME") or os.path.join(environment.get("HOME", ""), ".cache")
    folders = environment.get("PATH", "").split(os.pathsep)
    folders += [environment.get(_TOOLS, ""), os.path.join(cache, "bulkhead-tools", "bin")]
    path = os.pathsep.join(folder for folder in folders if os.path.isabs(folder))
    found = shutil.which(name, path=path)
    if found:
        return Tool(name, (found,))
    kubectl = shutil.which("kubectl", path=path) if name == "kustomize" else None
    return Tool(name, (kubectl, "kustomize")) if kubectl else Missing(name)


class Scratch:
    """A folder for one rendering; it is removed with this object."""

    def __init__(self) -> None:
        import tempfile

        self.path = os.path.realpath(tempfile.mkdtemp(prefix="bulkhead-render-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, True)

    def folder(self, name: str) -> str:
        """Return the path of a folder in it, which is there."""
        path = os.path.join(self.path, name)
        os.makedirs(path, exist_ok=True)
        return path

    def remove(self) -> None:
        """Remove it now."""
        self._remove()


def run(tool: Tool, arguments: Sequence[str], scratch: Scratch, timeout_s: float = 0.0) -> Ran:
    """Run ``tool`` in ``scratch``, by default for ``TIMEOUT_S``; never raises for what the program does."""
    import subprocess

    timeout_s = timeout_s or TIMEOUT_S
    home = scratch.folder("home")
    out, err = (os.path.join(home, name) for name in ("stdout", "stderr"))
    with open(out, "wb") as output, open(err, "wb") as errors:
        try:
            process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell; the program is found by us
                [*tool.command, *arguments],
                cwd=scratch.path,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
                preexec_fn=_confine(timeout_s),
            )
        except OSError as error:
            return Ran(b"", "", f"cannot run {tool.name}: {(error.strerror or 'unknown reason').lower()}")
        try:
            status = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            _end(process.pid)
            process.wait()
    return Ran(_read(out), _read(err)[-(64 << 10) :].decode("utf-8", "replace"), _fault(tool, status, out, timeout_s))


def _fault(tool: Tool, status: int | None, out: str, timeout_s: float) -> str:
    if status is None or status == -getattr(signal, "SIGXCPU", 0):
        return f"{tool.name} was stopped after {timeout_s:g} s"
    if os.path.getsize(out) >= MAX_OUTPUT_BYTES:
        return f"{tool.name} wrote more than {MAX_OUTPUT_BYTES >> 20} MiB"
    if status < 0:
        return f"{tool.name} was ended by signal {-status}"
    return f"{tool.name} ended with status {status}" if status else ""


def _environment(home: str) -> dict[str, str]:
    """Return an environment that leads nowhere: no configuration, no plugins, no cluster, no way out."""
    places = {
        name: os.path.join(home, name.lower())
        for name in (
            "HELM_CACHE_HOME",
            "HELM_CONFIG_HOME",
            "HELM_DATA_HOME",
            "HELM_PLUGINS",
            "HELM_REGISTRY_CONFIG",
            "HELM_REPOSITORY_CACHE",
            "HELM_REPOSITORY_CONFIG",
            "KUSTOMIZE_PLUGIN_HOME",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
        )
    }
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), _DEAD_PROXY)
    limits = {"GOMEMLIMIT": "1GiB", "GOMAXPROCS": "2", "GOTRACEBACK": "none"}
    # no PATH: kustomize starts git for what is remote, and nothing else is started
    return {"HOME": home, "TMPDIR": home, "KUBECONFIG": os.devnull, "LC_ALL": "C", **places, **proxies, **limits}


def _confine(timeout_s: float) -> Callable[[], None] | None:
    """Return what the child does before it becomes the program: gives up the network and takes its limits."""
    try:
        import ctypes
        import resource
    except ImportError:  # no such limits on this system; the time and the size of the output hold anyway
        return None
    library = ctypes.CDLL(None, use_errno=True)
    cpu_s = int(timeout_s) + 1

    def confine() -> None:
        unshare = getattr(library, "unshare", None)
        if unshare is not None:
            unshare(_NEW_USER | _NEW_NETWORK)  # where the system refuses, the dead proxies are what is left
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return confine


def _end(process_id: int) -> None:
    """End what the program has left running; it has a session of its own."""
    try:
        os.killpg(process_id, signal.SIGKILL)
    except (OSError, AttributeError):
        return


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read(MAX_OUTPUT_BYTES)
