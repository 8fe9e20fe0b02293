"""The webhook's certificate, renewed in place: no restart, no connection lost.

A mounted Secret changes by a symbolic link that is exchanged, and cert-manager renews when it likes, so the files are
looked at again and again. A new pair becomes a TLS context of its own, certificate and key together, and only when both
could be read and belong together do new connections get it; till then they get the old one.
"""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from os import stat
from typing import NamedTuple

from scanner.errors import ServeError

_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


class Files(NamedTuple):
    """Where certificate and key are."""

    certificate: str
    key: str
    client_ca: str = ""
    """Certificates that clients must be signed by; empty: anybody may connect."""


class Pair(NamedTuple):
    """A certificate that is in use."""

    context: ssl.SSLContext
    expires: datetime
    subject_names: Sequence[str]
    """DNS names and addresses it is for."""


class Certificates:
    """Holds the pair in use, and exchanges it when its files change."""

    def __init__(self, files: Files) -> None:
        """Read the first pair. Raises ServeError where it cannot be used: without one nothing can be served."""
        self._files = files
        self._seen = _state(files)
        try:
            self._pair = _read(files)
        except (OSError, ValueError) as error:
            raise ServeError(
                f"cannot use certificate {files.certificate} with key {files.key}: {_cause(error)}",
                hint="both must be PEM files, and the key must be the certificate's and not encrypted",
            ) from None

    @property
    def expires(self) -> datetime:
        """When the certificate in use ends."""
        return self._pair.expires

    @property
    def subject_names(self) -> Sequence[str]:
        """DNS names and addresses that the certificate in use is for."""
        return self._pair.subject_names

    def why_not_valid(self, now: datetime | None = None) -> str:
        """Return why no API server would accept the certificate; empty where it is in order."""
        if (now or datetime.now(UTC)) >= self._pair.expires:
            return f"the certificate expired on {self._pair.expires:%Y-%m-%d %H:%M} UTC"
        return ""

    def listening_context(self) -> ssl.SSLContext:
        """Return the context to listen with; each connection gets the pair of its moment from it."""
        context = _context(self._files)

        def choose(connection: ssl.SSLObject, name: str | None, initial: ssl.SSLContext) -> None:
            connection.context = self._pair.context

        context.sni_callback = choose  # called for every handshake, with None where the client names no host
        return context

    def renew(self) -> str:
        """Take the files' new content into use where it has changed; returns ``""``, ``renewed`` or what is wrong.

        A pair that is wrong is tried again at the next call: it may be half written.
        """
        state = _state(self._files)
        if state == self._seen:
            return ""
        try:
            pair = _read(self._files)
        except (OSError, ValueError) as error:
            return f"cannot use the new certificate, the old one stays: {_cause(error)}"
        if _state(self._files) != state:
            return "the files changed while they were read; the old certificate stays until they settle"
        self._pair, self._seen = pair, state
        return "renewed"


def _context(files: Files) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.num_tickets = 0  # connections are kept; each ticket would keep a session in memory, whoever asked for it
    context.load_cert_chain(files.certificate, files.key, password=_no_password)
    if files.client_ca:
        context.load_verify_locations(files.client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _read(files: Files) -> Pair:
    from cryptography import x509

    context = _context(files)
    with open(files.certificate, "rb") as stream:
        leaf = x509.load_pem_x509_certificates(stream.read())[0]
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return Pair(context, leaf.not_valid_after_utc, ())
    addresses = (str(address) for address in names.get_values_for_type(x509.IPAddress))
    return Pair(context, leaf.not_valid_after_utc, (*names.get_values_for_type(x509.DNSName), *addresses))


def _no_password() -> str:
    raise ValueError("the key is encrypted")  # else OpenSSL would ask on the terminal


def _state(files: Files) -> tuple[tuple[int, int, int] | None, ...]:
    """What tells one content of the files from another without reading it."""
    return tuple(_stat(path) for path in files if path)


def _stat(path: str) -> tuple[int, int, int] | None:
    try:
        found = stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _cause(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "not PEM").lower().replace("_", " ")
    return str(getattr(error, "strerror", None) or error).lower()
