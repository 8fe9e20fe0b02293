from typing import NamedTuple

from scanner.views.bindings import SubjectView, holder_of, subjects
from tests.views.objects import resource

BINDING = """
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: all, namespace: shop}
subjects:
  - {kind: ServiceAccount, name: web}
  - {kind: ServiceAccount, name: web, namespace: other}
  - {kind: User, name: "system:serviceaccount:other:web"}
  - {kind: Group, name: "system:serviceaccounts:other"}
  - {kind: Group, name: "system:serviceaccounts"}
  - {kind: User, name: someone@example.net}
  - 7
  - {kind: Group, name: [x]}
"""


def test_subjects_have_the_namespace_they_speak_of() -> None:
    views = subjects(resource(BINDING))
    assert [(view.title, view.namespace) for view in views] == [
        ("ServiceAccount shop/web", "shop"),
        ("ServiceAccount other/web", "other"),
        ("User 'system:serviceaccount:other:web'", "other"),
        ("Group 'system:serviceaccounts:other'", "other"),
        ("Group 'system:serviceaccounts'", ""),
        ("User 'someone@example.net'", ""),
    ]
    assert views[0].at == ("subjects", 0, "namespace")
    assert views[5].at == ("subjects", 5, "name")


def test_a_cluster_role_binding_has_no_namespace_to_lend() -> None:
    text = BINDING.replace("kind: RoleBinding", "kind: ClusterRoleBinding").replace(", namespace: shop", "")
    assert subjects(resource(text))[0] == SubjectView("ServiceAccount", "web", "", ("subjects", 0, "namespace"))
    assert subjects(resource(text))[0].title == "ServiceAccount -/web"


def test_no_subjects() -> None:
    assert subjects(resource("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, subjects: {a: b}}")) == ()


class Tenant(NamedTuple):
    name: str
    identities: tuple[str, ...]


def test_holders_are_found_by_object_id_in_any_case() -> None:
    tenants = (Tenant("one", ()), Tenant("two", ("00aB",)))
    assert holder_of("00Ab", tenants) == tenants[1]
    assert holder_of("two", tenants) is None
