# The image of Bulkhead: the scanner with its native Rego engine, git for --base, helm and kustomize for charts and
# overlays. Scan a folder:  docker run --rm -v "$PWD:/src:ro" bulkhead scan .
# Where reports are written into the folder, run as its owner:  docker run --rm --user "$(id -u)" -v "$PWD:/src" …

# 1.95 is what native/Cargo.toml asks for; Debian's Python of this release (3.11) is that of the last stage too.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-dev python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY scanner scanner
COPY rules rules
COPY rego rego
COPY native native
RUN python3 -m venv /opt/bulkhead \
    && SCANNER_NATIVE=require /opt/bulkhead/bin/pip install --no-cache-dir --disable-pip-version-check '.[templates]'

# The versions that the tests run with (tests/tools/oracles.sh); Helm's go.mod asks for this Go.
FROM golang:1.26-bookworm AS renderers
ARG HELM_VERSION=v3.22.0
ARG KUSTOMIZE_VERSION=v5.8.1
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
RUN go install -trimpath -ldflags "-s -w -X helm.sh/helm/v3/internal/version.version=${HELM_VERSION}" \
        "helm.sh/helm/v3/cmd/helm@${HELM_VERSION}" \
    && go install -trimpath -ldflags "-s -w" "sigs.k8s.io/kustomize/kustomize/v5@${KUSTOMIZE_VERSION}"

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git python3 \
    && rm -rf /var/lib/apt/lists/* \
    # a mounted repository belongs to somebody else; Bulkhead only reads it, and runs nothing that it configures
    && git config --system --add safe.directory '*' \
    && useradd --uid 10001 --create-home bulkhead
COPY --from=build /opt/bulkhead /opt/bulkhead
COPY --from=renderers /go/bin/helm /go/bin/kustomize /usr/local/bin/
ENV PATH=/opt/bulkhead/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /src
ENTRYPOINT ["bulkhead"]
CMD ["--help"]
