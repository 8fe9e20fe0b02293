"""How fast the native Rego engine is: rule evaluations per second, one thread and two, and what a start costs.

    python benchmarks/rego_engine.py

One batch is one Deployment of about 3 KB against 35 rules of one to four lines, each in a package of its own: what
`NativeEngine.evaluate` does for one Resource, conversion of the input included. One thread is measured in CPU time
(the best of several runs), two threads in wall time, so they need two idle cores. Targets: 150,000 evaluations per
second and core; two threads at least 1.8 times one.
"""

import json
import sys
import threading
import time
from collections.abc import Callable

RULE_COUNT = 35
START_UP_MODULES = 26
BATCHES = 400
ROUNDS = 7

CONDITIONS = (
    'container.securityContext.privileged == true\n\tmessage := sprintf("%s is privileged", [container.name])',
    'endswith(container.image, ":latest")\n\tmessage := sprintf("%s has no fixed tag", [container.name])',
    'not container.securityContext.readOnlyRootFilesystem\n\tmessage := sprintf("%s can write", [container.name])',
    'not container.resources.limits.memory\n\tmessage := sprintf("%s has no memory limit", [container.name])',
    'object.get(container, ["securityContext", "allowPrivilegeEscalation"], true)\n\tmessage := container.name',
    'some capability in container.securityContext.capabilities.add\n\tcapability in {"NET_ADMIN", "SYS_ADMIN"}\n\t'
    'message := sprintf("%s adds %s", [container.name, capability])',
    'not container.livenessProbe\n\tmessage := sprintf("%s has no liveness probe", [container.name])',
)
"""Bodies of the rules; each is about one container."""


def module(number: int) -> str:
    """Return the source of one rule."""
    body = CONDITIONS[number % len(CONDITIONS)]
    return (
        f"package bench.rule{number:03}\n\ndeny contains message if {{\n"
        f"\tsome container in input.resource.spec.template.spec.containers\n\t{body}\n}}\n"
    )


def deployment() -> dict[str, object]:
    """Return an input of about 3 KB: a Deployment of a hardened container and a careless one."""

    def container(name: str, image: str, **security: object) -> dict[str, object]:
        probe = {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10, "failureThreshold": 3}
        return {
            "name": name,
            "image": image,
            "imagePullPolicy": "IfNotPresent",
            "args": ["--listen=:8080", "--log-level=info", f"--name={name}"],
            "ports": [{"name": "http", "containerPort": 8080}, {"name": "metrics", "containerPort": 9102}],
            "env": [{"name": f"SETTING_{index}", "value": f"value {index}"} for index in range(8)],
            "resources": {
                "limits": {"cpu": "500m", "memory": "256Mi"},
                "requests": {"cpu": "100m", "memory": "128Mi"},
            },
            "securityContext": {"runAsUser": 1000, **security},
            "livenessProbe": probe,
            "readinessProbe": probe,
            "volumeMounts": [{"name": "config", "mountPath": "/etc/app"}, {"name": "tmp", "mountPath": "/tmp"}],
        }

    labels = {f"app.kubernetes.io/{key}": "web" for key in ("name", "instance", "component", "part-of", "managed-by")}
    template = {
        "metadata": {"labels": labels, "annotations": {"checksum/config": "0f2c" * 16}},
        "spec": {
            "serviceAccountName": "web",
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [
                container(
                    "web",
                    "registry.example/web:1.2.3",
                    allowPrivilegeEscalation=False,
                    readOnlyRootFilesystem=True,
                    capabilities={"drop": ["ALL"]},
                ),
                container("proxy", "registry.example/p:latest", privileged=True, capabilities={"add": ["NET_ADMIN"]}),
            ],
            "volumes": [{"name": "config", "configMap": {"name": "web"}}, {"name": "tmp", "emptyDir": {}}],
        },
    }
    return {
        "resource": {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "web", "namespace": "shop", "labels": labels},
            "spec": {"replicas": 3, "selector": {"matchLabels": labels}, "template": template},
        }
    }


def best(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return the seconds of the fastest of several runs."""
    seconds = []
    for _ in range(ROUNDS):
        start = clock()
        work()
        seconds.append(clock() - start)
    return min(seconds)


def main() -> int:
    """Measure and print; status 1 where a target is missed."""
    start = time.thread_time()
    from scanner.packs.rego.native import NativeEngine, available

    reason = available()
    if reason is not None:
        print(f"no native engine: {reason}")
        return 2
    print(f"import of the extension           {1e3 * (time.thread_time() - start):8.1f} ms")
    from scanner.packs.rego.engine import RegoModule

    modules = [RegoModule(f"rule{number}.rego", module(number)) for number in range(RULE_COUNT)]
    paths = [f"data.bench.rule{number:03}.deny" for number in range(RULE_COUNT)]
    document = deployment()
    engine = NativeEngine()
    for check in (True, False):
        starting = NativeEngine(check=check)
        cost = best(lambda starting=starting: starting.load(modules[:START_UP_MODULES], {}), time.thread_time)
        print(f"load {START_UP_MODULES} modules, {'checked' if check else 'unchecked':<10}        {1e3 * cost:8.1f} ms")
    engine.load(modules, {})

    def batches(own: NativeEngine) -> None:
        for _ in range(BATCHES):
            own.evaluate(document, paths)

    batches(engine)
    evaluations = BATCHES * RULE_COUNT
    single = evaluations / best(lambda: batches(engine), time.thread_time)
    single_wall = evaluations / best(lambda: batches(engine), time.perf_counter)
    clones = [engine.clone(), engine.clone()]

    def both() -> None:
        threads = [threading.Thread(target=batches, args=(clone,)) for clone in clones]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    double = 2 * evaluations / best(both, time.perf_counter)
    print(f"input                             {len(json.dumps(document)):8} bytes")
    print(f"one thread                        {single:8.0f} evaluations/s (CPU), {single_wall:.0f} (wall)")
    print(f"two threads                       {double:8.0f} evaluations/s (wall), {double / single_wall:.2f} times one")
    return 0 if single >= 150_000 and double >= 1.8 * single_wall else 1


if __name__ == "__main__":
    sys.exit(main())
