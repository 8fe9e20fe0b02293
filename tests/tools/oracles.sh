#!/usr/bin/env bash
# Builds the real tools that tests compare with, each at a pinned version, into a folder outside of the checkout:
#   tests/tools/oracles.sh opa helm kustomize kube gator kyverno
# "kube" is etcd, kube-apiserver and kubectl: four minutes of two cores the first time, 250 MB.
# A tool that is there is left alone. Needs Go; nothing else in the project does.
set -euo pipefail

bin=${BULKHEAD_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/bulkhead-tools/bin}

install() { # name module@version [symbol=value for the linker]
  if [ -x "$bin/$1" ]; then
    return
  fi
  if ! command -v go >/dev/null; then
    echo "cannot build $1: no Go toolchain" >&2
    exit 3
  fi
  echo "building $1 from $2" >&2
  mkdir -p "$bin"
  # One at a time into a folder of its own: a build that is cut off must not leave half a tool behind.
  local folder
  folder=$(mktemp -d "$bin/.building.XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false GOBIN=$folder \
    go install -p 2 -trimpath -ldflags "-s -w ${3:+-X $3}" "$2"
  mv "$folder/$1" "$bin/$1"
}

KUBERNETES=1.35.4
STAGING="api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider cluster-bootstrap
  code-generator component-base component-helpers controller-manager cri-api cri-client csi-translation-lib
  dynamic-resource-allocation endpointslice externaljwt kms kube-aggregator kube-controller-manager kube-proxy
  kube-scheduler kubectl kubelet metrics mount-utils pod-security-admission sample-apiserver sample-cli-plugin
  sample-controller"

kubernetes() {
  if [ -x "$bin/kube-apiserver" ] && [ -x "$bin/etcd" ] && [ -x "$bin/kubectl" ]; then
    return
  fi
  if ! command -v go >/dev/null; then
    echo "cannot build kube-apiserver, etcd and kubectl: no Go toolchain" >&2
    exit 3
  fi
  echo "building kube-apiserver, etcd and kubectl of Kubernetes $KUBERNETES" >&2
  mkdir -p "$bin"
  local folder module name
  folder=$(mktemp -d "$bin/.building.XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  # k8s.io/kubernetes requires its staging modules by folders of its own repository, which 'go install' refuses. So a
  # module of ours requires it, and names the published version of each of them. etcd comes in the version that its
  # libraries in kube-apiserver have.
  {
    printf 'module tests.tools/kubernetes\n\ngo 1.25.0\n\n'
    printf 'tool (\n\tk8s.io/kubernetes/cmd/kube-apiserver\n\tk8s.io/kubernetes/cmd/kubectl\n\tgo.etcd.io/etcd/server/v3\n)\n\n'
    printf 'require k8s.io/kubernetes v%s\n\n' "$KUBERNETES"
    for module in $STAGING; do
      printf 'replace k8s.io/%s => k8s.io/%s v0.%s\n' "$module" "$module" "${KUBERNETES#1.}"
    done
  } >"$folder/go.mod"
  (
    cd "$folder"
    export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false
    go mod tidy
    stamp="-X k8s.io/component-base/version.gitVersion=v$KUBERNETES -X k8s.io/component-base/version.gitMajor=1"
    stamp="$stamp -X k8s.io/component-base/version.gitMinor=$(cut -d. -f2 <<<"$KUBERNETES")"
    for name in kube-apiserver kubectl; do
      go build -p 2 -pgo=off -trimpath -ldflags "-s -w $stamp" -o "made/$name" "k8s.io/kubernetes/cmd/$name"
    done
    go build -p 2 -trimpath -ldflags "-s -w" -o made/etcd go.etcd.io/etcd/server/v3
  )
  mv "$folder"/made/* "$bin/"
}

# Kyverno replaces a module by a fork of it, which 'go install' refuses.
kyverno() {
  if [ -x "$bin/kyverno" ]; then
    return
  fi
  if ! command -v go >/dev/null; then
    echo "cannot build kyverno: no Go toolchain" >&2
    exit 3
  fi
  echo "building kyverno of github.com/kyverno/kyverno@v1.19.1" >&2
  mkdir -p "$bin"
  local folder
  folder=$(mktemp -d "$bin/.building.XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  {
    printf 'module tests.tools/kyverno\n\ngo 1.26.5\n\n'
    printf 'tool github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno\n\n'
    printf 'require github.com/kyverno/kyverno v1.19.1\n\n'
    printf 'replace k8s.io/pod-security-admission => '
    printf 'github.com/kyverno/pod-security-admission v0.0.0-20251031094455-46f20778634f\n'
  } >"$folder/go.mod"
  (
    cd "$folder"
    export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false
    go mod tidy
    go build -p 2 -trimpath -ldflags "-s -w" -o made/kyverno github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno
  )
  mv "$folder/made/kyverno" "$bin/kyverno"
}

if [ $# -eq 0 ]; then
  echo "usage: $0 opa helm kustomize kube gator kyverno" >&2
  exit 2
fi
for name in "$@"; do
  case $name in
  opa) install opa github.com/open-policy-agent/opa@v1.22.0 ;;
  helm) install helm helm.sh/helm/v3/cmd/helm@v3.22.0 helm.sh/helm/v3/internal/version.version=v3.22.0 ;;
  kustomize) install kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.8.1 ;;
  kube) kubernetes ;;
  gator) install gator github.com/open-policy-agent/gatekeeper/v3/cmd/gator@v3.23.1 ;;
  kyverno) kyverno ;;
  *)
    echo "cannot build $name: unknown tool" >&2
    exit 2
    ;;
  esac
done
