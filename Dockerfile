# The image of Bulkhead: the scanner with its native Rego engine, git for --base, helm and kustomize for charts and
# overlays. Scan a folder:  docker run --rm -v "$PWD:/src:ro" bulkhead scan .
FROM rust:1-slim-bookworm AS build
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
    && SCANNER_NATIVE=require /opt/bulkhead/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM golang:1.24-bookworm AS renderers
ARG HELM_VERSION=v3.17.3
ARG KUSTOMIZE_VERSION=v5.6.0
ENV CGO_ENABLED=0
RUN go install "helm.sh/helm/v3/cmd/helm@${HELM_VERSION}" \
    && go install "sigs.k8s.io/kustomize/kustomize/v5@${KUSTOMIZE_VERSION}"

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
