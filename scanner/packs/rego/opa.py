"""Rego on an OPA server, through opa-python-client: for where the native engine was not built, and as second opinion.

The server is an `opa` of our own (see `opa_server`) or one named by its address, which then belongs to the scanner as
long as it runs. One call per Resource evaluates all its rules: an entry-point module of ours collects them. Whatever
goes wrong there is an error of the rules that were asked, never an empty result.
"""

import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from scanner.packs.rego.engine import DEFAULT_DEADLINE_S, RegoEngine, RegoError, RegoModule, RegoOutcome
from scanner.packs.rego.opa_server import OpaServer, find_opa

if TYPE_CHECKING:
    from scanner.packs.rego.rewrite.source import Source

TOKEN_VARIABLE = "BULKHEAD_OPA_TOKEN"  # noqa: S105 (the name of a variable, not a secret)
"""The environment variable with the bearer token for a server named by its address."""

_FOLDER = "bulkhead"
_PACKAGE = "bulkhead_engine"
_STRICT = {"strict-builtin-errors": "true"}
_LOAD_TIMEOUT_S = 60.0
_SEGMENT = re.compile(r'\.([A-Za-z_]\w*)|\["((?:[^"\\]|\\.)*)"\]')
_MAX_DEPTH = 256
_LOOPBACK = (OpaServer.host, "localhost", "[::1]")

_LOAD_KINDS = {
    "rego_parse_error": "syntax",
    "rego_unsafe_var_error": "unsafe",
    "rego_recursion_error": "recursion",
    "rego_compile_error": "syntax",
}
_EVALUATION_KINDS = {
    "eval_builtin_error": "builtin",
    "eval_type_error": "builtin",
    "eval_conflict_error": "conflict",
    "eval_cancel_error": "limit",
}


class OpaEngine(RegoEngine):
    """A client of one OPA server. `load` starts the server where none was named."""

    def __init__(self, *, url: str | None = None, deadline_s: float = DEFAULT_DEADLINE_S) -> None:
        """`url` names a server, `http://host:8181`; without it an `opa` on the PATH is started.

        Raises RegoError of kind "engine" for an address that is none.
        """
        super().__init__(deadline_s=deadline_s)
        self._address = _address(url) if url else None
        self._server: OpaServer | None = None
        self._client: Any = None
        self._version = ""
        self._files: dict[str, str] = {}
        self._roots: tuple[str, ...] = ()
        self._batches: dict[tuple[str, ...], str] = {}

    @staticmethod
    def find() -> Path | None:
        """Return the `opa` executable on the PATH, or None."""
        return find_opa()

    @property
    def name(self) -> str:
        """Name and, once modules are loaded, version of the server: "opa 1.22.0"."""
        return f"opa {self._version}".rstrip()

    def load(self, modules: Sequence[RegoModule], data: Mapping[str, object]) -> None:
        """See RegoEngine. On a named server it removes what an earlier run has left there."""
        refused = next((error for module in modules for error in _refused(module)), None)
        if refused:
            raise refused
        self._empty()
        try:
            self._push(modules)
            self._roots = tuple(data)
            for root, value in data.items():
                # Not a PUT: the client would take nothing but objects.
                self._client.patch_data(quote(root, safe=""), [{"op": "add", "path": "", "value": _plain(value)}])
        except RegoError:
            self._empty()
            raise
        except Exception as error:
            self._raise_if_foreign(error)
            self._empty()
            raise RegoError("engine", f"cannot load modules into OPA: {_cause(error)}") from None

    def evaluate(
        self,
        input: Mapping[str, object],  # noqa: A002 - Rego's own word for it
        entrypoints: Sequence[str],
    ) -> list[RegoOutcome]:
        """See RegoEngine. A time-out is the error of every entry point of the call: nobody knows whose fault it is."""
        if self._client is None:
            return [RegoError("engine", "no modules are loaded")] * len(entrypoints)
        until = time.monotonic() + self.deadline_s
        try:
            document = _document(input)
            values = self._query(self._batch(tuple(entrypoints)), document, until)
        except RegoError as error:
            if error.kind in ("limit", "engine", "input") or len(entrypoints) == 1:
                return [error] * len(entrypoints)
            # One rule that raises takes the whole answer away: ask for each on its own.
            return [self._single(entrypoint, document, until) for entrypoint in entrypoints]
        return [values[each] if each in values else _undefined(each) for each in entrypoints]

    def close(self) -> None:
        """Remove what was loaded, and end the server if it is ours."""
        self._empty()
        if self._client is not None:
            self._client.close_connection()
        if self._server is not None:
            self._server.stop()
        self._client, self._server = None, None

    def _single(self, entrypoint: str, document: object, until: float) -> RegoOutcome:
        try:
            return self._query(_path(entrypoint), document, until)
        except RegoError as error:
            return error

    def _query(self, path: str, document: object, until: float) -> Any:
        """Return the value at a path, or raise RegoError."""
        self._client.timeout = until - time.monotonic()
        if self._client.timeout <= 0:
            raise self._too_late()
        try:
            answer = self._client.query_rule(document, path, query_params=_STRICT)
        except Exception as error:
            self._raise_if_foreign(error)
            raise self._evaluation_error(error) from None
        if "result" not in answer:
            raise _undefined(path)
        return answer["result"]

    def _batch(self, entrypoints: tuple[str, ...]) -> str:
        """Return the path of the rule that collects these entry points; the server learns it at the first use."""
        path = self._batches.get(entrypoints)
        if path is None:
            name = f"batch_{len(self._batches)}"
            lines = [f"package {_PACKAGE}.{name}", ""]
            lines += [f"results[{json.dumps(each)}] := {each}" for each in entrypoints]
            try:
                self._put(f"{_FOLDER}/{name}", "\n".join(lines))
            except RegoError:
                raise
            except Exception as error:
                self._raise_if_foreign(error)
                raise self._evaluation_error(error) from None
            path = self._batches[entrypoints] = f"{_PACKAGE}/{name}/results"
        return path

    def _push(self, modules: Sequence[RegoModule]) -> None:
        """Send all modules. OPA takes only what it can compile, so those that need others follow in a later round."""
        names = [f"{_FOLDER}/{index:04}.rego" for index in range(len(modules))]
        self._files = dict(zip(names, (module.name for module in modules), strict=True))
        waiting = dict(zip(names, modules, strict=True))
        if self._client is None and self._address is None and self._start(waiting):
            return
        self._connect()
        while waiting:
            faults: dict[str, RegoError] = {}
            for name, module in waiting.items():
                try:
                    self._put(name, module.text)
                except RegoError as error:
                    faults[name] = error
            if len(faults) == len(waiting):
                raise next(iter(faults.values()))
            waiting = {name: waiting[name] for name in faults}

    def _put(self, name: str, text: str) -> None:
        from opa_client.errors import RegoParseError, TypeException

        self._client.timeout = _LOAD_TIMEOUT_S
        try:
            self._client.update_policy_from_string(text, name, rego_compat=False)
        except RegoParseError as error:
            raise self._load_error(error.errors, str(error.message)) from None
        except TypeException:
            raise RegoError("syntax", "the module is empty", self._files.get(name), 1, 1) from None

    def _start(self, modules: Mapping[str, RegoModule]) -> bool:
        """Start a server that reads the modules itself, all at once; False where it does not take them."""
        try:
            self._server = OpaServer(_executable(), {name: module.text for name, module in modules.items()})
        except RegoError:
            return False
        self._connect()
        return True

    def _connect(self) -> None:
        """Get a client whose server answers."""
        if self._client is not None:
            return
        from opa_client.opa import OpaClient

        if self._address is not None:
            settings = self._address | {"token": os.environ.get(TOKEN_VARIABLE)}
        else:
            self._server = self._server or OpaServer(_executable())
            settings = {"host": self._server.host, "port": self._server.port, "token": self._server.token}
        # Its retries sleep, and ask again after errors of a policy.
        self._client = OpaClient(**settings, retries=0, timeout=_LOAD_TIMEOUT_S)
        # A proxy is not for the loopback interface, and .netrc must not replace the token.
        self._client._session.trust_env = self._client.host not in _LOOPBACK
        labels = self._client.get_config().get("result", {}).get("labels", {})
        self._version = str(labels.get("version", ""))
        if self._address is not None:
            stale = [str(name) for name in self._client.get_policies_list()]
            self._delete([name for name in stale if name.startswith(f"{_FOLDER}/")])

    def _empty(self) -> None:
        """Take everything of ours off the server, as far as it still answers."""
        batches = [f"{_FOLDER}/batch_{index}" for index in range(len(self._batches))]
        names, roots = [*batches, *self._files], self._roots
        self._files, self._roots, self._batches = {}, (), {}
        if self._client is None:
            return
        self._client.timeout = _LOAD_TIMEOUT_S
        try:
            self._delete(names)
            for root in roots:
                self._client.delete_data(quote(root, safe=""))
        except Exception as error:
            self._raise_if_foreign(error)

    def _delete(self, names: Sequence[str]) -> None:
        """Delete modules; the server keeps one as long as another needs it."""
        from opa_client.errors import DeletePolicyError

        waiting = list(names)
        while waiting:
            kept = []
            for name in waiting:
                try:
                    self._client.delete_policy(name)
                except DeletePolicyError:
                    kept.append(name)
            if len(kept) == len(waiting):
                return
            waiting = kept

    def _load_error(self, errors: Sequence[Any], message: str) -> RegoError:
        if not errors:
            return RegoError("engine", message)
        first = errors[0]
        code, reason = str(first.get("code")), str(first.get("message"))
        kind = _LOAD_KINDS.get(code) or _type_error_kind(reason)
        return RegoError(kind, reason, *self._place(first.get("location") or {}))

    def _evaluation_error(self, error: Exception) -> RegoError:
        from requests.exceptions import ConnectionError as NotConnected
        from requests.exceptions import InvalidJSONError, RequestException, Timeout

        if isinstance(error, Timeout):
            return self._too_late()
        if isinstance(error, NotConnected):
            return RegoError("engine", f"the OPA server is gone: {_cause(error)}")
        if isinstance(error, InvalidJSONError) and not isinstance(error, json.JSONDecodeError):
            return RegoError("input", f"the input is no JSON value: {error}")
        response = error.response if isinstance(error, RequestException) else None
        if response is None:
            return RegoError("engine", f"OPA gave no answer: {_cause(error)}")
        try:
            body = response.json()
            first = (body.get("errors") or [body])[0]
            kind = _EVALUATION_KINDS.get(str(first.get("code")), "engine")
            return RegoError(kind, str(first.get("message")), *self._place(first.get("location") or {}))
        except (ValueError, AttributeError, TypeError):
            return RegoError("engine", f"OPA answered {response.status_code} {response.reason}")

    def _place(self, location: Mapping[str, Any]) -> tuple[str | None, int | None, int | None]:
        file = location.get("file")
        return self._files.get(str(file), file), location.get("row"), location.get("col")

    def _too_late(self) -> RegoError:
        return RegoError("limit", f"limit exceeded: no answer from OPA within {self.deadline_s:g} s")

    @staticmethod
    def _raise_if_foreign(error: Exception) -> None:
        """Let errors through that neither the client nor the connection makes: they are ours."""
        from requests.exceptions import RequestException

        if not isinstance(error, RequestException) and not type(error).__module__.startswith("opa_client"):
            raise error


def _executable() -> Path:
    found = find_opa()
    if found is None:
        raise RegoError("engine", "no 'opa' is on the PATH")
    return found


def _address(url: str) -> dict[str, Any]:
    """Return the client's settings for an address."""
    parts = urlsplit(url if "//" in url else f"http://{url}")
    try:
        port = parts.port or 8181
    except ValueError:
        port = 0
    if parts.scheme not in ("http", "https") or not parts.hostname or not port or parts.path.strip("/"):
        raise RegoError("engine", f"cannot use OPA server {url!r}: an address like http://host:8181 is expected")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return {"host": host, "port": port, "ssl": parts.scheme == "https"}


def _refused(module: RegoModule) -> Iterator[RegoError]:
    """Yield the built-ins a module must not call: the server's own permissions are not ours to set."""
    from scanner.packs.rego.checks import REFUSED
    from scanner.packs.rego.rewrite.source import Source

    if not any(name.partition(".")[0] in module.text for name in REFUSED):
        return
    try:
        source = Source(module.text)
        names = [".".join(_reference(source, index)) for index in range(len(source))]
    except ValueError as error:
        # The server would say more, but only a module that was looked through goes there.
        yield RegoError("syntax", str(error), module.name)
        return
    for word, name in zip(source.words, names, strict=True):
        if name in REFUSED:
            line = module.text.count("\n", 0, word.start) + 1
            column = word.start - module.text.rfind("\n", 0, word.start)
            yield RegoError("refused", f"{name} is refused: {REFUSED[name]}", module.name, line, column)


def _reference(source: "Source", index: int) -> Iterator[str]:
    """Yield the parts of the reference that starts at a word, however written: `http.send` is `http["send"]`."""
    if not source.is_name(index) or source.follows_dot(index):
        return
    yield source.word(index).text
    while source.touches(index + 1):
        if source.word(index + 1).text == "." and source.is_name(index + 2):
            index += 2
            yield source.word(index).text
        elif source.word(index + 1).text == "[" and source.word(index + 2).kind == "string":
            index += 3
            text = source.word(index - 1).text
            yield text[1:-1] if text[0] == "`" else json.loads(text)
        else:
            return


def _type_error_kind(reason: str) -> str:
    if "undefined function" in reason:
        return "unknown-function"
    if "arity" in reason:
        return "arity"
    return "conflict" if "conflict" in reason else "builtin"


def _path(entrypoint: str) -> str:
    """Return the path of an entry point below `/v1/data/`."""
    segments = (match[1] or json.loads(f'"{match[2]}"') for match in _SEGMENT.finditer(entrypoint))
    # The client takes dots for slashes.
    return "/".join(quote(segment, safe="").replace(".", "%2E") for segment in segments)


def _document(value: Mapping[str, object]) -> Any:
    """Return an input as JSON has it."""
    try:
        return _plain(value)
    except RecursionError:
        raise RegoError("input", "the input is nested too deep") from None


def _plain(value: Any, depth: int = 0) -> Any:
    """Return a document as JSON has it, without what has `__rego_absent__`, as the native engine takes it."""
    if depth > _MAX_DEPTH:
        raise RegoError("input", f"the input is nested more than {_MAX_DEPTH} levels deep")
    if isinstance(value, Mapping):
        return {
            str(key): _plain(each, depth + 1)
            for key, each in value.items()
            if not getattr(each, "__rego_absent__", False)
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each, depth + 1) for each in value]
    return None if getattr(value, "__rego_absent__", False) else value


def _undefined(entrypoint: str) -> RegoError:
    return RegoError("undefined", f"{entrypoint} is undefined for this input")


def _cause(error: Exception) -> str:
    """Return the innermost reason of an error of the connection, without addresses of objects."""
    inner: BaseException = error
    while inner.__cause__ or inner.__context__:
        inner = inner.__cause__ or inner.__context__ or inner
    return str(getattr(inner, "message", None) or inner)
