"""What a Velero backup covers, as its documentation says."""

from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.views import velero

OWN, OTHER = {"tenant": "t01"}, {"tenant": "t02"}
LABELLED: dict[str, Any] = {"labelSelector": {"matchLabels": OWN}}


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ({}, True),
        ({"includedNamespaces": []}, True),
        ({"includedNamespaces": ["*"]}, True),
        ({"includedNamespaces": ["erp-a"]}, True),
        ({"includedNamespaces": ["erp-*"]}, True),
        ({"includedNamespaces": ["erp"]}, False),
        ({"includedNamespaces": ["other", "erp-b"]}, False),
        ({"excludedNamespaces": ["erp-a"]}, False),
        ({"includedNamespaces": ["*"], "excludedNamespaces": ["erp-*"]}, False),
        ({"includedNamespaces": "erp-a"}, True),  # no list: the API server refuses it
        ({"includedNamespaces": Unknown("a variable")}, True),
        ({"includedNamespaces": ["other", Unknown("a variable")]}, True),
    ],
)
def test_names(template: dict[str, Any], named: bool) -> None:
    assert velero.names(template, "erp-a") is named
    assert not named or {"erp-a", velero.ALL} & set(velero.namespaces_of(template))


@pytest.mark.parametrize(
    ("template", "objects", "reason"),
    [
        ({}, [OTHER], ""),
        (LABELLED, [OWN], ""),
        (LABELLED, [OWN, OTHER], "takes only what its label selector matches"),
        ({"orLabelSelectors": [{"matchLabels": OWN}, {"matchLabels": OTHER}]}, [OWN, OTHER], ""),
        ({"orLabelSelectors": [{"matchLabels": OWN}]}, [{}], "takes only what its label selector matches"),
        ({"labelSelector": {}}, [OTHER], ""),
        ({"includedResources": ["*"]}, [], ""),
        ({"includedResources": ["secrets", "configmaps"]}, [], "takes only configmaps, secrets"),
        ({"includedNamespaceScopedResources": ["secrets"]}, [], "takes only secrets"),
        ({"excludedResources": ["events", "secrets"]}, [], ""),
        ({"excludedResources": ["PersistentVolumeClaims"]}, [], "leaves out PersistentVolumeClaims"),
        ({"excludedNamespaceScopedResources": ["*"]}, [], "leaves out everything"),
    ],
)
def test_what_is_left_out(template: dict[str, Any], objects: list[dict[str, str]], reason: str) -> None:
    assert velero.why_partial(template, objects) == reason


@pytest.mark.parametrize(
    ("template", "copied"),
    [
        ({}, True),
        ({"snapshotVolumes": True}, True),
        ({"snapshotVolumes": False}, False),
        ({"snapshotVolumes": False, "defaultVolumesToFsBackup": True}, True),
    ],
)
def test_volumes(template: dict[str, Any], copied: bool) -> None:
    assert velero.copies_volumes(template) is copied


def test_the_server_keeps_backups_for_thirty_days_that_do_not_say() -> None:
    assert velero.ttl_of({"ttl": "2160h0m0s"}) == "2160h0m0s"
    assert {velero.ttl_of(template) for template in ({}, {"ttl": "0s"}, {"ttl": None})} == {"720h0m0s"}
