"""The Pod of a deployed audit, and the CronJob that starts it: one Pod, or an Indexed Job whose Pods share it."""

from typing import Any

from scanner.audit.deployment.settings import STATE, Settings

_ESTATE = "/etc/bulkhead/estate"
_KUBECONFIG = "/etc/bulkhead/kubeconfig"
_USER = 10001
"""The user of the image."""
_LONGEST_S = 6 * 3600
_LATEST_START_S = 3600
"""A night whose start was missed for longer is left out; the next one sees what it would have."""
_KEPT_S = 3 * 86400


def cron_job(settings: Settings) -> dict[str, Any]:
    """Return the CronJob. Runs never overlap; a Pod that dies is started again and resumes."""
    metadata = {"name": settings.name, "namespace": settings.namespace, "labels": dict(settings.labels)}
    job: dict[str, Any] = {
        "backoffLimit": 3,
        "podFailurePolicy": _policy("FailJob"),
        "activeDeadlineSeconds": _LONGEST_S,
        "ttlSecondsAfterFinished": _KEPT_S,
        "template": {"metadata": {"labels": _pod_labels(settings)}, "spec": _pod(settings)},
    }
    if settings.shards:
        # each index is tried again by itself, so one cluster that is away does not keep the others from being read
        del job["backoffLimit"]
        job |= {
            "completionMode": "Indexed",
            "completions": settings.shards,
            "parallelism": settings.shards,
            "backoffLimitPerIndex": 3,
            "podFailurePolicy": _policy("FailIndex"),
            "maxFailedIndexes": settings.shards,
        }
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": metadata,
        "spec": {
            "schedule": settings.schedule,
            "timeZone": settings.time_zone,
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": _LATEST_START_S,
            "successfulJobsHistoryLimit": 2,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {"metadata": {"labels": dict(settings.labels)}, "spec": job},
        },
    }


def _policy(action: str) -> dict[str, Any]:
    """Return what is not tried again: an audit that ended by itself, with findings, a wrong flag, or incomplete."""
    codes = {"containerName": "audit", "operator": "In", "values": [1, 2, 3]}
    return {"rules": [{"action": action, "onExitCodes": codes}]}


def _pod_labels(settings: Settings) -> dict[str, str]:
    # the webhook of workload identity looks for this label on Pods
    identity = {"azure.workload.identity/use": "true"} if settings.client_id else {}
    return {**settings.labels, **identity}


def _pod(settings: Settings) -> dict[str, Any]:
    volumes = _volumes(settings)
    return {
        "serviceAccountName": settings.name,
        "automountServiceAccountToken": True,
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 60,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "audit",
                "image": settings.image,
                "imagePullPolicy": "IfNotPresent",
                "args": _arguments(settings),
                "env": _environment(settings),
                "resources": {
                    "requests": {"cpu": "500m", "memory": settings.memory},
                    "limits": {"cpu": settings.cpu, "memory": settings.memory},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "volumeMounts": [mount for mount, _ in volumes],
            }
        ],
        "volumes": [volume for _, volume in volumes],
    }


def _arguments(settings: Settings) -> list[str]:
    read: tuple[str, ...] = ()
    if settings.shards:
        # Kubernetes sets JOB_COMPLETION_INDEX for each Pod of an Indexed Job and puts it in here
        read = (f"--shard=$(JOB_COMPLETION_INDEX)/{settings.shards}",)
    elif not settings.kubeconfig_secret:
        read = tuple(f"--only={name}" for name in (settings.cluster, *settings.subscriptions))
    work = "/tmp/work" if settings.shards else f"{STATE}/work"  # noqa: S108 - a path inside the container
    where = (f"--estate={_ESTATE}", "--live", f"--store={settings.store}", f"--work={work}")
    # the volume outlives a Pod that was killed, so the next one finds what it had read, and people the dashboard;
    # of several shares each would tell of its own part only
    kept = () if settings.shards else ("--resume-if-any", f"--dashboard={STATE}/audit.html")
    return ["audit", *where, *kept, *read, *settings.arguments]


def _environment(settings: Settings) -> list[dict[str, Any]]:
    variables = {"HOME": "/tmp", "KUBECONFIG": f"{_KUBECONFIG}/config"}  # noqa: S108 - a path inside the container
    found: list[dict[str, Any]] = [{"name": name, "value": value} for name, value in variables.items()]
    if settings.store_secret:
        # not a mounted password file: the kubelet gives it to the group, and libpq then refuses it
        secret = {"name": settings.store_secret, "key": "password"}
        found.append({"name": "PGPASSWORD", "valueFrom": {"secretKeyRef": secret}})
    return found


def _volumes(settings: Settings) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return (mount, volume) for each."""
    found = [
        _volume("estate", _ESTATE, configMap={"name": f"{settings.name}-estate"}),
        _volume("scratch", "/tmp", writable=True, emptyDir={"sizeLimit": "1Gi"}),  # noqa: S108
    ]
    if not settings.shards:
        found.append(_volume("state", STATE, writable=True, persistentVolumeClaim={"claimName": settings.name}))
    secret = settings.kubeconfig_secret
    if secret:
        found.append(_volume("kubeconfig", _KUBECONFIG, secret={"secretName": secret, "defaultMode": 0o440}))
    else:
        found.append(_volume("kubeconfig", _KUBECONFIG, configMap={"name": f"{settings.name}-cluster"}))
    return found


def _volume(name: str, path: str, *, writable: bool = False, **what: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    mount = {"name": name, "mountPath": path} | ({} if writable else {"readOnly": True})
    return mount, {"name": name, **what}
