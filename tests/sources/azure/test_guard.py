import pytest

pytest.importorskip("azure.core", reason="the azure extra is not installed")

from scanner.sources.azure.clouds import CLOUDS, PUBLIC, imitation
from scanner.sources.azure.guard import GRAPH_PATH, RefusedError, check

HOST = PUBLIC.host


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", f"https://{HOST}/subscriptions?api-version=1"),
        ("HEAD", f"https://{HOST}/subscriptions"),
        ("GET", "https://MANAGEMENT.azure.com/subscriptions"),
        ("POST", f"https://{HOST}{GRAPH_PATH}?api-version=2022-10-01"),
    ],
)
def test_reads_of_the_host_go_out(method: str, url: str) -> None:
    check(method, url, HOST)


@pytest.mark.parametrize(
    ("method", "url", "why"),
    [
        ("GET", f"http://{HOST}/subscriptions", "not https"),
        ("GET", "https://example.com/subscriptions", "another host, 'example.com'"),
        ("GET", f"https://{HOST}:8443/subscriptions", "another host"),
        ("GET", f"https://{HOST}@example.com/", "another host"),
        ("GET", f"https://{HOST}.example.com/", "another host"),
        ("PUT", f"https://{HOST}/subscriptions/a", "PUT would change something"),
        ("POST", f"https://{HOST}/subscriptions/a/providers/Microsoft.Insights/register", "POST would change"),
        ("POST", f"https://{HOST}{GRAPH_PATH}/../../subscriptions/a", "POST would change"),
        ("POST", f"https://{HOST}{GRAPH_PATH.lower()}", "POST would change"),
        ("DELETE", f"https://{HOST}{GRAPH_PATH}", "DELETE would change"),
    ],
)
def test_everything_else_is_refused(method: str, url: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        check(method, url, HOST)


def test_each_cloud_has_hosts_and_an_audience_of_its_own() -> None:
    assert set(CLOUDS) == {"public", "china", "usgovernment"}
    assert len({cloud.host for cloud in CLOUDS.values()}) == 3
    for cloud in CLOUDS.values():
        assert cloud.audience == f"https://{cloud.host}/.default"
        assert cloud.is_real
    assert not imitation("https://127.0.0.1:1/").is_real
