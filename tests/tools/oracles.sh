#!/usr/bin/env bash
# Builds the real tools that tests compare with, each at a pinned version, into a folder outside of the checkout:
#   tests/tools/oracles.sh opa helm kustomize
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

if [ $# -eq 0 ]; then
  echo "usage: $0 opa helm kustomize" >&2
  exit 2
fi
for name in "$@"; do
  case $name in
  opa) install opa github.com/open-policy-agent/opa@v1.22.0 ;;
  helm) install helm helm.sh/helm/v3/cmd/helm@v3.22.0 helm.sh/helm/v3/internal/version.version=v3.22.0 ;;
  kustomize) install kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.8.1 ;;
  *)
    echo "cannot build $name: unknown tool" >&2
    exit 2
    ;;
  esac
done
