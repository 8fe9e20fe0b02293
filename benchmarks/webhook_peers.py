"""Five policies and the same objects for ours, OPA's server, Gatekeeper and Kyverno: verdicts and CPU per review.

    python -m benchmarks.webhook_peers [--reviews 4000]

No privileged containers, no root, requests and a limit, no hostPath, no image that changes; written as each product
wants them in benchmarks/peer/admission. OPA is asked as a webhook, over TLS, as ours is. Gatekeeper and Kyverno are
measured by their command lines (`gator`, `kyverno`): what more of the same costs, without start-up, HTTP and TLS.
Peers are looked for in the folder that tests/tools/oracles.sh builds into; one that is missing is left out and named.
"""

import argparse
import asyncio
import json
import os
import resource
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from scanner.model.verdict import Verdict
from scanner.points.admission.request import read_request
from scanner.points.admission.reviewer import Reviewer
from scanner.points.admission.setup import setup_of
from tests.conftest import ROOT
from tests.points.admission.real.cases import cases
from tests.points.admission.reviews import body, review
from tests.points.admission.serving.pki import authority, write
from tests.points.admission.serving.running import Connection, webhook
from tests.tools.oracles import tools

POLICIES = {
    "privileged": "ISO-029",
    "nonroot": "ISO-031",
    "resources": "HA-009",
    "hostpath": "ISO-033",
    "tags": "IMG-003",
}
KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
ROUNDS = 5
PEER = Path(__file__).parent / "peer" / "admission"
Found = Mapping[str, frozenset[str]]
"""Name of an object → policies that object to it."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=4000, help="sent to each server")
    reviews: int = parser.parse_args().reviews
    given = list(objects())
    reference = ours(given)
    told = sum(map(len, reference.values()))
    print(f"{len(given)} objects, {len(POLICIES)} policies, {told} objections of ours; load {os.getloadavg()[0]:.1f}")
    print(f"{'':34} {'same verdicts':>15} {'CPU ms a review':>16}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _row("bulkhead webhook", reference, reference, webhook_ms(folder, given, reviews))
        for title, binary, ask in (
            ("OPA server", "opa", opa),
            ("Gatekeeper (gator bench, Rego)", "gator", gatekeeper),
            ("Kyverno (kyverno apply)", "kyverno", kyverno),
        ):
            program = tools() / binary
            if program.is_file():
                _row(title, reference, *ask(folder, str(program), given, reviews))
            else:
                print(f"{title:34} not built: {program}")


def objects() -> Iterator[dict[str, Any]]:
    """Yield what makes Pods in the example clusters and in the cases of the five rules, each by a name of its own."""
    found: list[dict[str, Any]] = []
    for path in sorted((ROOT / "fixtures").glob("*/clusters/*/**/*.yaml")):
        found += [one for one in yaml.safe_load_all(path.read_bytes()) if one]
    for case in cases():
        if case.rule in POLICIES.values():
            found += case.objects
    for number, one in enumerate(one for one in found if one["kind"] in KINDS):
        metadata = {"name": f"o{number}", "namespace": "erp-aldersyde-prd", "labels": {"app": "x"}}
        yield json.loads(json.dumps({**one, "metadata": metadata}, default=str))


def ours(given: Sequence[Mapping[str, Any]]) -> Found:
    """What the rules say."""
    asked = Reviewer(setup_of({"only": tuple(POLICIES.values())})[0])
    try:
        found = {}
        for one in given:
            verdicts = asked.decide(read_request(body(review(dict(one)))), 60.0).verdicts
            fails = {policy for policy, rule in POLICIES.items() if verdicts.get(rule) is Verdict.FAIL}
            found[one["metadata"]["name"]] = frozenset(fails)
        return found
    finally:
        asked.close()


def webhook_ms(folder: Path, given: Sequence[Mapping[str, Any]], reviews: int) -> float:
    """CPU of a review of ours."""
    place = folder / "ours"
    place.mkdir()
    (place / "bulkhead.yaml").write_text(json.dumps({"rules": {"only": list(POLICIES.values())}}), "utf-8")
    running = webhook(place, "--config", str(place / "bulkhead.yaml"), "--drain", "0")
    try:
        return _served(running.process.pid, running.port, running.tls(), "/validate?timeout=5s", given, reviews)
    finally:
        running.end()


def opa(folder: Path, program: str, given: Sequence[Mapping[str, Any]], reviews: int) -> tuple[Found, float]:
    """Ask OPA's server as an API server does."""
    place = folder / "opa"
    place.mkdir()
    trusted = authority()
    certificate, key = write(place, trusted.leaf())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [program, "run", "--server", "--log-level=error", f"--addr=127.0.0.1:{port}"]
    command += [f"--tls-cert-file={certificate}", f"--tls-private-key-file={key}", *map(str, PEER.glob("*.rego"))]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        import ssl

        tls = ssl.create_default_context(cadata=trusted.pem.decode())
        _wait(port)
        said = {}
        for policy in POLICIES:  # one at a time by its document, to know which objects
            answers = asyncio.run(_ask(port, tls, f"/v0/data/peer/{policy}/violation", given))
            said[policy] = [bool(json.loads(answer)) for answer in answers]
        names = [one["metadata"]["name"] for one in given]
        found = {name: frozenset(p for p in POLICIES if said[p][at]) for at, name in enumerate(names)}
        return found, _served(process.pid, port, tls, "/", given, reviews)
    finally:
        process.terminate()
        process.wait(10)


def gatekeeper(folder: Path, program: str, given: Sequence[Mapping[str, Any]], reviews: int) -> tuple[Found, float]:
    """Ask Gatekeeper's library by `gator`."""
    place = folder / "gatekeeper"
    place.mkdir()
    for policy in POLICIES:
        (place / f"{policy}.yaml").write_text(yaml.safe_dump_all(_constraint(policy)), "utf-8")
    (place / "objects.yaml").write_text(yaml.safe_dump_all(given), "utf-8")
    done = subprocess.run(
        [program, "test", "-f", str(place), "-o", "json"], capture_output=True, text=True, check=False
    )
    found: dict[str, set[str]] = {one["metadata"]["name"]: set() for one in given}
    for one in json.loads(done.stdout):
        found[one["violatingObject"]["metadata"]["name"]].add(one["constraint"]["metadata"]["name"])
    few, many = 1, 1 + max(reviews // len(given), 1)
    command = [program, "bench", "-f", str(place), "--engine=rego", "--warmup=0", "--iterations"]
    spent = _least_cpu_of([*command, str(many)]) - _least_cpu_of([*command, str(few)])
    return {name: frozenset(said) for name, said in found.items()}, spent * 1000 / ((many - few) * len(given))


def kyverno(folder: Path, program: str, given: Sequence[Mapping[str, Any]], reviews: int) -> tuple[Found, float]:
    """Ask Kyverno's engine by its command line."""
    place = folder / "kyverno"
    place.mkdir()
    once, often = place / "once.yaml", place / "often.yaml"
    once.write_text(yaml.safe_dump_all(given), "utf-8")
    times = max(min(reviews, 2000) // len(given), 1)
    copies = [
        {**one, "metadata": {**one["metadata"], "name": f"c{n}-{at}"}}
        for n in range(times)
        for at, one in enumerate(given)
    ]
    often.write_text(yaml.safe_dump_all([*given, *copies]), "utf-8")
    command = [program, "apply", str(PEER / "kyverno.yaml"), "--policy-report", "--output-format", "json", "--resource"]
    done = subprocess.run([*command, str(once)], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout[done.stdout.index("{") :])
    found: dict[str, set[str]] = {one["metadata"]["name"]: set() for one in given}
    for one in report["results"]:
        if one["result"] == "fail":
            rule = one["rule"].removeprefix("autogen-").removeprefix("cronjob-")
            found[one["resources"][0]["name"]].add(rule)
    spent = _least_cpu_of([*command, str(often)]) - _least_cpu_of([*command, str(once)])
    return {name: frozenset(said) for name, said in found.items()}, spent * 1000 / len(copies)


def _constraint(policy: str) -> Iterator[dict[str, Any]]:
    """Yield the ConstraintTemplate of a policy, and the Constraint that puts it in force."""
    kind = f"Peer{policy.capitalize()}"
    source = {
        "version": "v1",
        "rego": (PEER / f"{policy}.rego").read_text("utf-8"),
        "libs": [(PEER / "lib.rego").read_text("utf-8")],
    }
    target = {"target": "admission.k8s.gatekeeper.sh", "code": [{"engine": "Rego", "source": source}]}
    yield {
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": {"name": kind.lower()},
        "spec": {"crd": {"spec": {"names": {"kind": kind}}}, "targets": [target]},
    }
    kinds = [{"apiGroups": ["apps", "batch"], "kinds": list(KINDS)}]
    yield {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": kind,
        "metadata": {"name": policy},
        "spec": {"match": {"kinds": kinds}},
    }


def _row(title: str, reference: Found, found: Found, cpu_ms: float) -> None:
    pairs = [(name, policy) for name in reference for policy in POLICIES]
    same = [pair for pair in pairs if (pair[1] in found[pair[0]]) == (pair[1] in reference[pair[0]])]
    print(f"{title:34} {len(same):7} of {len(pairs):4} {cpu_ms:16.3f}", flush=True)
    for name, policy in sorted(set(pairs) - set(same)):
        print(f"    {name} {policy}: {'objects' if policy in found[name] else 'has nothing against it'}")


def _served(pid: int, port: int, tls: Any, path: str, given: Sequence[Mapping[str, Any]], reviews: int) -> float:
    """CPU milliseconds of a server for a review of an object that it has not seen, after each was sent once.

    The least of some rounds: what else the machine does only ever adds.
    """
    asyncio.run(_ask(port, tls, path, given))
    each, spent = reviews // ROUNDS, []
    for start in range(0, each * ROUNDS, each):
        many = [_unseen(given[number % len(given)], number) for number in range(start, start + each)]
        before = _cpu_s(pid)
        asyncio.run(_ask(port, tls, path, many))
        spent.append((_cpu_s(pid) - before) * 1000 / each)
    return min(spent)


def _unseen(value: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return the object with other images: ours gives an answer again where a rule can see no difference."""
    copy: dict[str, Any] = json.loads(json.dumps(value))
    spec = copy["spec"]["jobTemplate"]["spec"] if copy["kind"] == "CronJob" else copy["spec"]
    for container in spec["template"]["spec"]["containers"]:
        container["image"] = f"{container['image']}-{number}"
    return copy


async def _ask(port: int, tls: Any, path: str, given: Sequence[Mapping[str, Any]]) -> list[bytes]:
    connection = Connection(port, tls)
    answers = []
    for one in given:
        code, answer = await connection.ask(body(review(dict(one))), path)
        assert code == 200, answer
        answers.append(answer)
    connection.close()
    return answers


def _wait(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _least_cpu_of(command: Sequence[str]) -> float:
    return min(_cpu_of(command) for _ in range(3))


def _cpu_of(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
