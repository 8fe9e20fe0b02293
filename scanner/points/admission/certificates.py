"""Certificates of one's own, where no cert-manager is: a CA and a leaf in a folder, renewed before they end.

A CA is replaced long before its end, in three runs: its successor is trusted beside it (``ca.crt`` holds both), then
it signs while the old one is still trusted, then the old one goes. So at no moment is a certificate served that is not
trusted, whichever of the Secret and the registration is brought up to date first.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from scanner.errors import UsageError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

CA_DAYS, LEAF_DAYS = 3650, 365
RENEW_LEAF_DAYS, RENEW_CA_DAYS = 60, 730
"""Before its end, by how many days each is replaced: a CA while leaves that it signs can still live out their year."""
_CA, _CA_KEY, _NEXT_KEY, _LEAF, _LEAF_KEY = "ca.crt", "ca.key", "ca-next.key", "tls.crt", "tls.key"


class Renewed(NamedTuple):
    """What a run did."""

    done: tuple[str, ...]
    """In words; empty where nothing was due."""
    bundle: str
    """Path of the certificates to trust: the CA, and its successor where there is one."""


def renew(folder: str, hosts: Sequence[str], now: datetime | None = None) -> Renewed:
    """Make or renew what is due in ``folder``. Raises UsageError where it cannot be read or written."""
    try:
        return _Folder(folder, hosts, now or datetime.now(UTC)).renew()
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"cannot renew certificates in {folder}: {cause.lower()}") from None


class _Authority(NamedTuple):
    """A certificate authority; of one that signs no more, the key is not its own."""

    certificate: "x509.Certificate"
    key: "ec.EllipticCurvePrivateKey"


class _Folder:
    """The files of one webhook."""

    def __init__(self, folder: str, hosts: Sequence[str], now: datetime) -> None:
        self._folder = folder
        self._hosts = tuple(hosts)
        self._now = now
        self._done: list[str] = []

    def renew(self) -> Renewed:
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        trusted, following = self._trusted()
        if not trusted:
            trusted = [self._new_authority(_CA_KEY, "made a CA")]
        elif following is not None:
            os.replace(self._path(_NEXT_KEY), self._path(_CA_KEY))
            trusted = [following, trusted[0]]
            self._done.append("went over to the new CA")
            self._leaf(following)
        elif len(trusted) > 1:
            del trusted[1:]
            self._done.append("let go of the old CA")
        elif self._left(trusted[0].certificate) < timedelta(days=RENEW_CA_DAYS):
            trusted.append(self._new_authority(_NEXT_KEY, "made a new CA, which is trusted beside the old one"))
        if self._is_due():
            self._leaf(trusted[0])
        bundle = b"".join(_pem(one.certificate) for one in trusted)
        if bundle != self._read(_CA):
            self._write(_CA, bundle)
        return Renewed(tuple(self._done), self._path(_CA))

    def _trusted(self) -> "tuple[list[_Authority], _Authority | None]":
        """Return the CAs of the bundle, the one that signs first, and the one that is to follow it, if there is one."""
        from cryptography import x509

        bundle = self._read(_CA)
        if bundle is None:
            return [], None
        certificates = x509.load_pem_x509_certificates(bundle)
        found = [_Authority(certificates[0], self._key(_CA_KEY, certificates[0]))]
        if len(certificates) == 1:
            return found, None
        if self._read(_NEXT_KEY) is None:
            return [*found, _Authority(certificates[1], found[0].key)], None
        return found, _Authority(certificates[1], self._key(_NEXT_KEY, certificates[1]))

    def _key(self, name: str, certificate: "x509.Certificate") -> "ec.EllipticCurvePrivateKey":
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        key = load_pem_private_key(self._read(name) or b"", None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError(f"{name} is not the key of the certificate in {_CA}")
        return key

    def _new_authority(self, key_name: str, told: str) -> _Authority:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(f"bulkhead webhook CA {self._now:%Y-%m-%d}")
        certificate = (
            self._builder(name, name, CA_DAYS)
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(True, 0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        self._write(key_name, _key_pem(key))
        self._done.append(told)
        return _Authority(certificate, key)

    def _is_due(self) -> bool:
        from cryptography import x509

        content = self._read(_LEAF)
        if content is None:
            return True
        leaf = x509.load_pem_x509_certificate(content)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        same = set(names.get_values_for_type(x509.DNSName)) == set(self._hosts)
        return not same or self._left(leaf) < timedelta(days=RENEW_LEAF_DAYS)

    def _leaf(self, by: _Authority) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import ExtendedKeyUsageOID

        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._builder(_name("bulkhead webhook"), by.certificate.subject, LEAF_DAYS)
            .public_key(key.public_key())
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in self._hosts]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.BasicConstraints(False, None), critical=True)
            .sign(by.key, hashes.SHA256())
        )
        self._write(_LEAF_KEY, _key_pem(key))
        self._write(_LEAF, _pem(certificate))
        self._done.append("made a certificate")

    def _builder(self, subject: "x509.Name", issuer: "x509.Name", days: int) -> "x509.CertificateBuilder":
        from cryptography import x509

        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - timedelta(minutes=5))  # clocks differ
            .not_valid_after(self._now + timedelta(days=days))
        )

    def _left(self, certificate: "x509.Certificate") -> timedelta:
        return certificate.not_valid_after_utc - self._now

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _read(self, name: str) -> bytes | None:
        try:
            with open(self._path(name), "rb") as stream:
                return stream.read()
        except FileNotFoundError:
            return None

    def _write(self, name: str, content: bytes) -> None:
        """Replace a file at once; a key is for its owner alone."""
        temporary = self._path(f".{name}.new")
        mode = 0o600 if name.endswith(".key") else 0o644
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
            stream.write(content)
        os.replace(temporary, self._path(name))


def _name(text: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: "ec.EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
