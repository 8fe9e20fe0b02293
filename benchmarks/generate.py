"""Synthetic manifests: many Deployments of about 3 KB, as an ERP platform has them, one in twenty with a fault."""

import os
import sys
from pathlib import Path

TENANTS = ("aldersyde", "brookfen", "calderon", "dunmore", "eastlock", "fernhill", "glenrock", "inverlay")
FAULTS = ("privileged", "latest", "no_limits", "no_probe")


def deployment(number: int) -> str:
    """Return the text of one Deployment; the same number gives the same text."""
    tenant = TENANTS[number % len(TENANTS)]
    fault = FAULTS[number // 20 % len(FAULTS)] if number % 20 == 0 else ""
    names = ("web", "longpolling") if number % 2 else ("web",)
    containers = "".join(_container(name, number, fault if name == "web" else "") for name in names)
    return f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: odoo-{number:05d}
  namespace: erp-{tenant}-prd
  labels:
    app.kubernetes.io/name: odoo
    app.kubernetes.io/part-of: erp
    erp.example.net/tenant: {tenant}
    erp.example.net/cost-center: CC-4{number % 1000:03d}
    erp.example.net/workload-class: web
  annotations:
    example.net/runbook: "https://runbooks.example.net/odoo/{number}"
spec:
  replicas: {2 + number % 3}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      app.kubernetes.io/name: odoo
      app.kubernetes.io/instance: odoo-{number:05d}
  strategy:
    type: RollingUpdate
    rollingUpdate: {{maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: odoo
        app.kubernetes.io/instance: odoo-{number:05d}
        erp.example.net/tenant: {tenant}
    spec:
      serviceAccountName: odoo
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 101
        fsGroup: 101
        seccompProfile:
          type: RuntimeDefault
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app.kubernetes.io/instance: odoo-{number:05d}
      containers:{containers}
      volumes:
        - name: filestore
          persistentVolumeClaim:
            claimName: filestore
        - name: tmp
          emptyDir:
            sizeLimit: 1Gi
"""


def _container(name: str, number: int, fault: str) -> str:
    image = "odoo:latest" if fault == "latest" else f"odoo:17.0-2026110{number % 10}"
    limits = "" if fault == "no_limits" else "\n            limits:\n              memory: 2Gi\n              cpu: '2'"
    probes = "" if fault == "no_probe" else _PROBES
    privileged = "\n            privileged: true" if fault == "privileged" else ""
    return f"""
        - name: {name}
          image: acrerpprd01.azurecr.io/odoo/{image}
          args: ["--workers=4", "--max-cron-threads=0", "--db_host=psql-mt-prd-weu-01.postgres.database.azure.com"]
          ports:
            - name: http
              containerPort: 8069
          env:
            - name: DB_NAME
              value: odoo_{number}
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef: {{name: odoo-db, key: password}}
          resources:
            requests:
              cpu: 500m
              memory: 1Gi{limits}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true{privileged}
            capabilities:
              drop: [ALL]{probes}
          volumeMounts:
            - name: filestore
              mountPath: /var/lib/odoo
            - name: tmp
              mountPath: /tmp"""


_PROBES = """
          readinessProbe:
            httpGet: {path: /web/health, port: http}
            periodSeconds: 5
          livenessProbe:
            httpGet: {path: /web/health, port: http}
            initialDelaySeconds: 30"""


def write(folder: Path, number: int) -> int:
    """Write ``number`` manifests below ``folder``, 250 to a folder; returns the bytes written."""
    written = 0
    for index in range(number):
        path = folder / f"group-{index // 250:03d}" / f"odoo-{index:05d}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = deployment(index)
        path.write_text(text, "utf-8")
        written += len(text)
    return written


if __name__ == "__main__":
    target = Path(sys.argv[1])
    print(f"{write(target, int(sys.argv[2])) / 1e6:.1f} MB in {os.fspath(target)}")
