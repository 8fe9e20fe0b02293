"""Which Rego engine runs: the native one where it was built, else ``opa``, else none, with a reason that helps."""

from scanner.errors import EngineError
from scanner.packs.rego.engine import RegoEngine, RegoError

CHOICES = ("auto", "native", "opa")


def choose_engine(spec: str = "auto", *, trusted: bool = True, deadline_s: float = 5.0) -> RegoEngine | RegoError:
    """Return the engine that ``spec`` names: ``auto``, ``native``, ``opa`` or ``opa=URL``.

    Rules that are not ``trusted`` (packs that are not ours) run natively only in a worker process. Where ``auto`` finds
    no engine the result is the RegoError that every Rego rule's verdict will state; a named engine that cannot be used
    raises EngineError.
    """
    if spec.startswith("opa="):
        return _opa(spec[len("opa=") :], deadline_s)
    if spec not in CHOICES:
        raise EngineError(f"cannot use Rego engine {spec!r}", hint="one of auto, native, opa, opa=URL")
    if spec == "opa":
        return _opa(None, deadline_s)
    from scanner.packs.rego.native import NativeEngine, available

    reason = available()
    if reason is None:
        if trusted:
            return NativeEngine(deadline_s=deadline_s)
        from scanner.packs.rego.worker import WorkerEngine

        return WorkerEngine(deadline_s=deadline_s)
    if spec == "native":
        raise EngineError(f"cannot use the native Rego engine: {reason}")
    from scanner.packs.rego.opa import OpaEngine

    if OpaEngine.find() is not None:
        return _opa(None, deadline_s)
    return RegoError(
        "engine",
        f"no Rego engine: the native one is missing ({reason}) and no 'opa' is on the PATH; "
        "install a wheel with the native engine, or opa, or name a server with --rego-engine opa=URL",
    )


def _opa(url: str | None, deadline_s: float) -> RegoEngine:
    from scanner.packs.rego.opa import OpaEngine

    if url is None and OpaEngine.find() is None:
        raise EngineError("cannot use Rego engine 'opa': no 'opa' is on the PATH")
    return OpaEngine(url=url, deadline_s=deadline_s)
