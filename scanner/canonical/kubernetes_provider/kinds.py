"""Which Kubernetes kind a ``kubernetes_*`` type is. Source: the provider's documentation, versions 1.x to 3.x."""

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of the API."""

    api_version: str
    kind: str
    namespaced: bool = True

    @property
    def type(self) -> str:
        """Group and kind, without the version: ``apps/Deployment``."""
        return f"{self.api_version.rpartition('/')[0] or 'core'}/{self.kind}"


_RBAC, _NETWORK, _STORAGE = "rbac.authorization.k8s.io/v1", "networking.k8s.io/v1", "storage.k8s.io/v1"
_ADMISSION = "admissionregistration.k8s.io/v1"

_VERSIONED = {
    "cluster_role": Kind(_RBAC, "ClusterRole", False),
    "cluster_role_binding": Kind(_RBAC, "ClusterRoleBinding", False),
    "config_map": Kind("v1", "ConfigMap"),
    "cron_job": Kind("batch/v1", "CronJob"),
    "csi_driver": Kind(_STORAGE, "CSIDriver", False),
    "daemon_set": Kind("apps/v1", "DaemonSet"),
    "deployment": Kind("apps/v1", "Deployment"),
    "endpoints": Kind("v1", "Endpoints"),
    "horizontal_pod_autoscaler": Kind("autoscaling/v1", "HorizontalPodAutoscaler"),
    "ingress": Kind(_NETWORK, "Ingress"),
    "ingress_class": Kind(_NETWORK, "IngressClass", False),
    "job": Kind("batch/v1", "Job"),
    "limit_range": Kind("v1", "LimitRange"),
    "mutating_webhook_configuration": Kind(_ADMISSION, "MutatingWebhookConfiguration", False),
    "namespace": Kind("v1", "Namespace", False),
    "network_policy": Kind(_NETWORK, "NetworkPolicy"),
    "persistent_volume": Kind("v1", "PersistentVolume", False),
    "persistent_volume_claim": Kind("v1", "PersistentVolumeClaim"),
    "pod": Kind("v1", "Pod"),
    "pod_disruption_budget": Kind("policy/v1", "PodDisruptionBudget"),
    "priority_class": Kind("scheduling.k8s.io/v1", "PriorityClass", False),
    "replication_controller": Kind("v1", "ReplicationController"),
    "resource_quota": Kind("v1", "ResourceQuota"),
    "role": Kind(_RBAC, "Role"),
    "role_binding": Kind(_RBAC, "RoleBinding"),
    "runtime_class": Kind("node.k8s.io/v1", "RuntimeClass", False),
    "secret": Kind("v1", "Secret"),
    "service": Kind("v1", "Service"),
    "service_account": Kind("v1", "ServiceAccount"),
    "default_service_account": Kind("v1", "ServiceAccount"),
    "stateful_set": Kind("apps/v1", "StatefulSet"),
    "storage_class": Kind(_STORAGE, "StorageClass", False),
    "validating_webhook_configuration": Kind(_ADMISSION, "ValidatingWebhookConfiguration", False),
}

KINDS = {
    **{f"kubernetes_{name}": kind for name, kind in _VERSIONED.items()},
    **{f"kubernetes_{name}_v1": kind for name, kind in _VERSIONED.items()},
    "kubernetes_daemonset": _VERSIONED["daemon_set"],
    "kubernetes_cron_job": Kind("batch/v1beta1", "CronJob"),
    "kubernetes_ingress": Kind("extensions/v1beta1", "Ingress"),
    "kubernetes_pod_disruption_budget": Kind("policy/v1beta1", "PodDisruptionBudget"),
    "kubernetes_pod_security_policy": Kind("policy/v1beta1", "PodSecurityPolicy", False),
    "kubernetes_pod_security_policy_v1beta1": Kind("policy/v1beta1", "PodSecurityPolicy", False),
    "kubernetes_horizontal_pod_autoscaler_v2": Kind("autoscaling/v2", "HorizontalPodAutoscaler"),
    "kubernetes_horizontal_pod_autoscaler_v2beta2": Kind("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
}
"""Terraform type → kind; without types that change objects of others (``kubernetes_labels``, ``kubernetes_env``)."""
