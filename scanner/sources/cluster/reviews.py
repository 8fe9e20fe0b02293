"""Asks the API server itself which of the needed permissions are missing, before anything is listed."""

from collections.abc import Iterable, Iterator

from scanner.sources.cluster.client import ClusterClient
from scanner.sources.cluster.permissions import Permission


def missing_permissions(
    client: ClusterClient, permissions: Iterable[Permission], namespace: str = ""
) -> Iterator[Permission]:
    """Yield each permission that the credentials lack, with only the verbs that are missing.

    For the whole cluster, or for one namespace. One request per verb and resource; raises ApiError where there is no
    answer.
    """
    for permission in permissions:
        verbs = [
            verb for verb in permission.verbs if not client.may(verb, permission.group, permission.resource, namespace)
        ]
        if verbs:
            yield permission._replace(verbs=tuple(verbs))
