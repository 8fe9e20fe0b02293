"""Certificates of one's own over thirty years: whatever is served is trusted by whoever was told of it last time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from scanner.errors import UsageError
from scanner.points.admission.certificates import renew
from tests.cli.running import bulkhead

HOSTS = ("w.n.svc", "w.n.svc.cluster.local")
START = datetime(2026, 11, 21, tzinfo=UTC)


def leaf(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "tls.crt").read_bytes())


def trusted(folder: Path) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates((folder / "ca.crt").read_bytes())


def is_trusted(one: x509.Certificate, by: list[x509.Certificate], now: datetime) -> bool:
    for authority in by:
        try:
            one.verify_directly_issued_by(authority)
        except Exception:
            continue
        return authority.not_valid_before_utc <= now <= authority.not_valid_after_utc and (
            one.not_valid_before_utc <= now <= one.not_valid_after_utc
        )
    return False


def test_nothing_is_renewed_before_it_is_due(tmp_path: Path) -> None:
    assert renew(str(tmp_path), HOSTS, START).done == ("made a CA", "made a certificate")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert renew(str(tmp_path), HOSTS, START + timedelta(days=300)).done == ()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert renew(str(tmp_path), HOSTS, START + timedelta(days=306)).done == ("made a certificate",)
    assert renew(str(tmp_path), ("other.svc",), START + timedelta(days=307)).done == ("made a certificate",)


def test_over_thirty_years_nobody_meets_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    now, overlaps, known, served = START, 0, [], None
    for _ in range(30 * 52):
        renew(str(tmp_path), HOSTS, now)
        overlaps += len(trusted(tmp_path)) == 2
        for when in (now, now + timedelta(days=7)):
            assert is_trusted(leaf(tmp_path), trusted(tmp_path), when)
            assert not known or is_trusted(leaf(tmp_path), known, when), "those who have not been told yet"
            assert served is None or is_trusted(served, trusted(tmp_path), now), "the Secret is brought up to date last"
        known, served = trusted(tmp_path), leaf(tmp_path)
        now += timedelta(days=7)
    assert overlaps >= 3, "CAs were replaced"


def test_keys_are_for_their_owner_alone_and_fit(tmp_path: Path) -> None:
    renew(str(tmp_path / "new"), HOSTS, START)
    for name in ("ca.key", "tls.key"):
        assert (tmp_path / "new" / name).stat().st_mode & 0o777 == 0o600
    key = leaf(tmp_path / "new").public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    names = leaf(tmp_path / "new").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert tuple(names.get_values_for_type(x509.DNSName)) == HOSTS


@pytest.mark.parametrize("name", ["ca.key", "ca.crt"])
def test_what_does_not_fit_is_not_overwritten(tmp_path: Path, name: str) -> None:
    renew(str(tmp_path), HOSTS, START)
    (tmp_path / name).write_text("rubbish")
    with pytest.raises(UsageError, match="cannot renew certificates"):
        renew(str(tmp_path), HOSTS, START)
    assert (tmp_path / name).read_text() == "rubbish"


def test_on_the_command_line(tmp_path: Path) -> None:
    run = bulkhead("webhook", "certificates", "pki", cwd=tmp_path)
    assert (run.code, run.stdout) == (0, "made a CA\nmade a certificate\n")
    assert bulkhead("webhook", "certificates", "pki", cwd=tmp_path).stdout == "nothing is due\n"
    (tmp_path / "file").write_text("")
    assert bulkhead("webhook", "certificates", "file", cwd=tmp_path).code == 2
