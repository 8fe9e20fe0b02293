from datetime import date

from scanner.estate import Estate, consistency
from scanner.estate.describe import render_estate, render_inconsistencies, render_tenant
from tests.estate.estates import estate


def test_the_estate(small: Estate) -> None:
    assert render_estate(small).replace(small.digest[:19], "sha256:0123456789ab") == ESTATE


def test_a_tenant(small: Estate) -> None:
    assert render_tenant(small, small.tenants[2]) == TENANT


def test_a_tenant_with_an_exemption(small: Estate) -> None:
    text = render_tenant(small, small.tenants[1])
    assert "\nallowed regions  westeurope, uksouth\n" in text
    assert "\nexemption        EX-1: GOV-* until 2027-01-31, CHG-1\n" in text
    assert "\ncontract\n" in text, "no override, no legend"


def test_no_contradictions(small: Estate) -> None:
    assert render_inconsistencies(small, ()) == "small: consistent (3 tenants, 2 clusters, 2 subscriptions)"


def test_contradictions() -> None:
    loaded = estate(("registry.example.net/erp/,", "registry.example.net/erp,"))
    assert render_inconsistencies(loaded, consistency(loaded, date(2027, 2, 1))) == (
        "estate.yaml:75:6: error: registry registry.example.net/erp: its prefix does not end with '/', so it also "
        "admits names that only begin like it (rule 8)\n"
        "estate.yaml:85:67: warning: exemption EX-1: it expired on 2027-01-31; renew or remove it (rule 10)\n"
        "estate.yaml:102:6: error: t02 birch: allowed region westeurope is outside residency zone uk; that needs an "
        "exemption of GOV-001 that holds (rule 11)\n"
        "\n"
        "small: 2 errors, 1 warning (3 tenants, 2 clusters, 2 subscriptions)"
    )


ESTATE = """\
small, revision 2026-11-01, kept by grp-platform (platform@example.net)
sha256:0123456789ab

3 tenants
  id   name   hosting       tier      isolation  residency                 environments
  t01  alder  multi-tenant  standard  namespace  eu                        staging, production
  t02  birch  multi-tenant  standard  namespace  uk (westeurope, uksouth)  staging, production
  t03  cedar  dedicated     premium   nodepool   eu                        development, production*

2 clusters
  name     region      declared namespaces  environments
  aks-npd  westeurope  3                    development, staging
  aks-prd  westeurope  3                    production

2 subscriptions
  name     id                                    hosting                  environments
  sub-npd  00000000-0000-0000-0000-000000000101  multi-tenant             development, staging
  sub-prd  00000000-0000-0000-0000-000000000102  multi-tenant, dedicated  production

2 tiers
                                standard  premium
  rpo                           6 h       15 min
  rto                           8 h       1 h
  backup class                  silver    gold
  point-in-time recovery, days  14        35
  long-term backups, days       90        365
  restore test every, days      180       30
  replicas, at least            2         3
  database availability         SameZone  ZoneRedundant
  zone redundant                yes       yes
  geo-redundant backup          no        yes
  geo-redundant storage         no        yes
  replica in another region     no        yes
  immutable backups             yes       yes
  immutability locked           no        no
  customer's own key            no        yes
  blast radius                  tenant    tenant
  quota requests.cpu            4         24
  quota requests.memory         8Gi       64Gi

3 environments
  name         class          approvals
  development  nonproduction  0
  staging      preproduction  0
  production   production     2"""
TENANT = """\
t03 cedar, dedicated, tier premium

owner            grp-erp-cedar, CC-4003
data             restricted, residency eu
allowed regions  westeurope, northeurope
isolation        nodepool, npcedar
domains          *.cedar.example.net
PostgreSQL       dedicated-server psql-cedar
Redis            dedicated redis-cedar
storage          stcedar01/files
key vaults       kv-cedar

development (nonproduction)
  namespaces  aks-npd/erp-cedar-dev
  registries  -

production (production)
  namespaces  aks-prd/erp-cedar-prd
  registries  registry.example.net/erp/

contract, * where an override changed it
                                development    production
  rpo                           15 min         5 min*
  rto                           1 h            1 h
  backup class                  gold           gold
  point-in-time recovery, days  35             35
  long-term backups, days       365            365
  restore test every, days      30             30
  replicas, at least            3              3
  database availability         ZoneRedundant  ZoneRedundant
  zone redundant                yes            yes
  geo-redundant backup          yes            yes
  geo-redundant storage         yes            yes
  replica in another region     yes            yes
  immutable backups             yes            yes
  immutability locked           no             no
  customer's own key            yes            yes
  blast radius                  tenant         tenant
  quota requests.cpu            24             24
  quota requests.memory         64Gi           64Gi"""
