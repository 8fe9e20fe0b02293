"""Certificates are renewed in place, both files together, and never for worse ones."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanner.errors import ServeError
from scanner.points.admission.serving.certificates import Certificates, Files
from tests.points.admission.serving.pki import authority, write


@pytest.fixture
def held(tmp_path: Path) -> Certificates:
    return Certificates(Files(*write(tmp_path, authority().leaf(days=5))))


def test_it_knows_when_it_ends_and_for_whom_it_is(held: Certificates) -> None:
    assert timedelta(days=4.9) < held.expires - datetime.now(UTC) < timedelta(days=5.1)
    assert held.subject_names == ("localhost", "127.0.0.1")
    assert held.why_not_valid() == ""
    assert "the certificate expired on " in held.why_not_valid(datetime.now(UTC) + timedelta(days=6))


def test_a_new_pair_is_taken_into_use_and_one_that_did_not_change_is_not_read(
    held: Certificates, tmp_path: Path
) -> None:
    assert held.renew() == ""
    write(tmp_path, authority().leaf(days=20))
    assert held.renew() == "renewed"
    assert held.expires - datetime.now(UTC) > timedelta(days=19)
    assert held.renew() == ""


def test_a_mounted_secret_changes_by_a_link_that_is_exchanged(tmp_path: Path) -> None:
    for name, days in (("one", 5), ("two", 20)):
        (tmp_path / name).mkdir()
        write(tmp_path / name, authority().leaf(days=days))
    os.symlink("one", tmp_path / "data")
    held = Certificates(Files(str(tmp_path / "data" / "tls.crt"), str(tmp_path / "data" / "tls.key")))
    os.symlink("two", tmp_path / "new")
    os.replace(tmp_path / "new", tmp_path / "data")
    assert held.renew() == "renewed"
    assert held.expires - datetime.now(UTC) > timedelta(days=19)


@pytest.mark.parametrize("broken", ["certificate only", "no certificate", "empty", "gone", "encrypted"])
def test_the_old_pair_stays_until_the_new_one_is_whole(held: Certificates, tmp_path: Path, broken: str) -> None:
    before = held.expires
    certificate, key = authority().leaf(days=20)
    path = tmp_path / "tls.crt"
    if broken == "certificate only":
        path.write_bytes(certificate)  # the key is still the old one
    elif broken == "no certificate":
        path.write_text("-----BEGIN CERTIFICATE-----\nrubbish\n")
    elif broken == "empty":
        path.write_bytes(b"")
    elif broken == "gone":
        path.unlink()
    else:
        (tmp_path / "tls.key").write_text(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
        )
    said = held.renew()
    assert said.startswith("cannot use the new certificate, the old one stays: ")
    assert held.expires == before
    assert held.renew() == said, "it is tried again"
    write(tmp_path, (certificate, key))
    assert held.renew() == "renewed"


@pytest.mark.parametrize("content", [b"", b"rubbish"])
def test_without_a_first_pair_nothing_is_served(tmp_path: Path, content: bytes) -> None:
    files = write(tmp_path, (content, content))
    with pytest.raises(ServeError, match="cannot use certificate"):
        Certificates(Files(*files))
    with pytest.raises(ServeError, match="no such file"):
        Certificates(Files("absent", "absent"))
