"""The records an Estate is made of, one class per object of ``estate.yaml``, in its own words in snake_case.

``class`` is written ``class_``. Lists are tuples; an absent optional scalar is None and an absent list is empty. The
Estate itself, which holds these and resolves with them, is :class:`scanner.estate.Estate`.

They are named tuples rather than dataclasses because there are forty of them: creating the classes costs 3 ms that way
and 24 ms the other, on every start. They hold values only: nothing here reads a file or judges anything.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from scanner.estate.durations import parse_duration

ENVIRONMENT_CLASSES = ("production", "preproduction", "nonproduction")
"""The classes rules know, strictest first."""
HA_MODES = ("none", "SameZone", "ZoneRedundant")
"""Availability of a database server, weakest first."""
ISOLATIONS = ("namespace", "nodepool", "cluster", "subscription")
"""How far a tenant's workloads are kept apart, weakest first."""
BLAST_RADII = ("cluster", "tenant")
"""How far one incident of recovery may reach, widest first."""

_NOTHING: Mapping[str, Any] = {}
"""Default of optional mappings; never written to."""


class Metadata(NamedTuple):
    """Who keeps the Estate, and which revision this is."""

    name: str
    revision: date
    owner: str
    """Group that owns the file."""
    contact: str


class Regions(NamedTuple):
    """Where data may live. Region names are normalised: lower case, no spaces."""

    residency_zones: Mapping[str, tuple[str, ...]]
    """Zone → regions in which data of that zone may live."""
    paired: Mapping[str, str | None]
    """Region → its Azure paired region; None for a region that has none."""
    dr_target: Mapping[str, str] = _NOTHING
    """Region → region where its replicas must be."""
    global_types: tuple[str, ...] = ()
    """ARM types (lower case) that have no region."""


class Environment(NamedTuple):
    """One environment; rules look at its class, never at its name."""

    name: str
    class_: str
    """One of :data:`ENVIRONMENT_CLASSES`."""
    name_pattern: str | None = None
    """Regular expression that names of its resources match somewhere."""
    approvals: int = 0
    """Approvals a deployment to it needs."""
    mirrors: str | None = None
    """Environment whose topology it must have."""
    auto_shutdown: bool = False


class Tier(NamedTuple):
    """The contract of a service tier, or what is left of it after an override."""

    name: str
    rpo: str
    """ISO 8601 duration of work that may be lost."""
    rto: str
    """ISO 8601 duration a recovery may take."""
    backup_class: str
    pitr_retention_days: int
    """Days of point-in-time recovery, 7 to 35."""
    long_term_retention_days: int
    restore_test_interval_days: int
    min_replicas: int
    ha: str
    """One of :data:`HA_MODES`."""
    zone_redundant: bool
    geo_redundant_backup: bool
    geo_redundant_storage: bool
    cross_region: bool
    immutable: bool
    """Whether backups are kept immutable."""
    cmk: bool
    """Whether data is encrypted with the customer's own key."""
    blast_radius: str
    """One of :data:`BLAST_RADII`."""
    quota: Mapping[str, str]
    """Resource name as in a ResourceQuota → ceiling, a Kubernetes quantity."""
    immutable_locked: bool = False

    @property
    def rpo_s(self) -> int:
        """The rpo in seconds."""
        return parse_duration(self.rpo)

    @property
    def rto_s(self) -> int:
        """The rto in seconds."""
        return parse_duration(self.rto)


class TierWindows(NamedTuple):
    """When changes may and may not happen."""

    maintenance: Mapping[str, str]
    """Tier name or ``default`` → window, such as ``Sun 01:00-05:00 Europe/Amsterdam``."""
    blackout: tuple[str, ...] = ()


class CasePolicy(NamedTuple):
    """How the case of tags is compared."""

    keys: str = "insensitive"
    """``insensitive`` or ``sensitive``."""
    values: str = "any"
    """``lower``: values must be lower case; ``any``."""


class AllowedValues(NamedTuple):
    """What one tag may say: any of the listed, referenced and extra values, or what the pattern matches."""

    values: tuple[str, ...] = ()
    pattern: str | None = None
    ref: str | None = None
    """``environments``, ``tenants``, ``tiers`` or ``backupClasses``: the names declared there."""
    extra: tuple[str, ...] = ()


class Tags(NamedTuple):
    """The tag taxonomy of Azure resources."""

    required: tuple[str, ...]
    allowed: Mapping[str, AllowedValues]
    case_policy: CasePolicy = CasePolicy()
    required_on_groups: tuple[str, ...] = ()
    required_on_subscriptions: tuple[str, ...] = ()
    exempt_types: tuple[str, ...] = ()
    """ARM types or globs (lower case) that cannot be tagged."""


class NamespaceLabels(NamedTuple):
    """Label keys by which a Namespace says whose it is."""

    tenant: str
    environment: str
    tier: str
    owner: str
    required: tuple[str, ...]
    """Which of ``tenant``, ``environment``, ``tier`` and ``owner`` every tenant Namespace must carry."""

    @property
    def required_keys(self) -> tuple[str, ...]:
        """The label keys that every tenant Namespace must carry."""
        keys = {"tenant": self.tenant, "environment": self.environment, "tier": self.tier, "owner": self.owner}
        return tuple(keys[name] for name in self.required)


class WorkloadLabels(NamedTuple):
    """Labels that every workload must carry."""

    required: tuple[str, ...]
    workload_classes: tuple[str, ...] = ()


class ExplicitMapping(NamedTuple):
    """One namespace that is mapped by name."""

    cluster: str
    namespace: str
    tenant: str
    """Tenant id."""
    environment: str


class NamespaceMapping(NamedTuple):
    """How the tenant of a namespace is found."""

    order: tuple[str, ...]
    """Which of ``explicit``, ``label`` and ``pattern`` are asked, in this order."""
    pattern: str
    """Regular expression over the whole namespace name, with the groups ``tenant`` and ``environment``."""
    tenant_key: str = "name"
    """What the group ``tenant`` captures: the tenant's ``name`` or ``id``."""
    environment_aliases: Mapping[str, str] = _NOTHING
    """Text in namespace names → environment name."""
    explicit: tuple[ExplicitMapping, ...] = ()


class Subscription(NamedTuple):
    """One Azure subscription of the Estate."""

    id: str
    name: str
    environments: tuple[str, ...] = ()
    hosting: tuple[str, ...] = ()
    """Hosting models that may live in it."""
    tenant: str | None = None
    """Tenant id, for a subscription that is one tenant's."""
    hub_vnet: str | None = None
    log_workspace: str | None = None
    budget: bool = False


class GitOps(NamedTuple):
    """What reconciles a cluster, and from where."""

    engine: str
    repo: str
    branch: str | None = None


class Admission(NamedTuple):
    """What judges objects on their way into a cluster."""

    engine: str
    fallback: str | None = None
    failure_policy: str | None = None


class ClusterBackup(NamedTuple):
    """What backs a cluster up, and where to."""

    engine: str
    namespace: str | None = None
    location: str | None = None


class Pool(NamedTuple):
    """One node pool of a cluster."""

    name: str
    mode: str = "User"
    class_: str | None = None
    """Workload class it serves, such as ``web``."""
    tenant: str | None = None
    """Tenant id, for a pool that is one tenant's."""


class Cluster(NamedTuple):
    """One Kubernetes cluster and the facts about it that rules need."""

    name: str
    resource_id: str
    region: str
    environments: tuple[str, ...] = ()
    pod_cidr: str | None = None
    service_cidr: str | None = None
    oidc_issuer: str | None = None
    ingress_classes: tuple[str, ...] = ()
    gitops: GitOps | None = None
    admission: Admission | None = None
    backup: ClusterBackup | None = None
    dr_cluster: str | None = None
    pools: Mapping[str, Pool] = _NOTHING

    @property
    def subscription_id(self) -> str:
        """The subscription in its resource id."""
        return self.resource_id.lower().removeprefix("/subscriptions/").partition("/")[0]


class BreakGlass(NamedTuple):
    """One emergency identity."""

    object_id: str
    upn: str
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


class Group(NamedTuple):
    """One privileged group."""

    object_id: str
    name: str


class PlatformIdentities(NamedTuple):
    """The approved privileged groups."""

    cluster_admins: tuple[Group, ...] = ()
    db_admins: tuple[Group, ...] = ()
    owners: tuple[Group, ...] = ()
    approvers: Mapping[str, tuple[str, ...]] = _NOTHING
    """Environment class → groups that approve deployments to it."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """Cluster administrators, database administrators and owners together."""
        return self.cluster_admins + self.db_admins + self.owners


class Pipeline(NamedTuple):
    """One CI/CD identity."""

    name: str
    provider: str
    """``azure-devops`` or ``github``."""
    object_id: str
    environments: tuple[str, ...]
    organization: str | None = None
    project: str | None = None
    repo: str | None = None
    subjects: tuple[str, ...] = ()
    allowed_scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    min_approvers: int = 0


class TenantGroups(NamedTuple):
    """How groups of tenants are recognised, and what they may be bound to."""

    pattern: str
    """Regular expression over the whole group name, with the group ``tenant`` (the tenant's name)."""
    allowed_cluster_roles: tuple[str, ...] = ()


class Pim(NamedTuple):
    """Limits of just-in-time activation."""

    max_activation_hours: int = 8
    require_approval: tuple[str, ...] = ()


class Identities(NamedTuple):
    """Everyone who may do more than a tenant."""

    break_glass: tuple[BreakGlass, ...]
    platform: PlatformIdentities
    pipelines: tuple[Pipeline, ...]
    tenant_groups: TenantGroups
    pim: Pim = Pim()


class Registry(NamedTuple):
    """One place images may come from."""

    prefix: str
    """Ends in ``/``, so that it names a registry or folder and not the start of another's name."""
    environments: tuple[str, ...]
    require_digest: bool = False
    require_signature: bool = False
    namespaces: tuple[str, ...] = ()
    """Namespaces that may use it; empty for all. ``platform`` in the file stands for the platform's namespaces."""


class Signing(NamedTuple):
    """Who signs images."""

    tool: str
    key_ref: str | None = None
    issuer: str | None = None
    identities: tuple[str, ...] = ()
    """Names of pipelines whose signature is trusted."""


class MinimumVersion(NamedTuple):
    """The oldest supported version of a service."""

    min: str


class Network(NamedTuple):
    """Parameters of the network controls."""

    hub_vnets: tuple[str, ...] = ()
    max_firewall_range: int = 256
    """Addresses one database firewall rule may admit."""
    admin_hosts: tuple[str, ...] = ()
    edge: tuple[str, ...] = ()
    """Resources that may have a public address."""


class Logs(NamedTuple):
    """Where logs go and how long they stay."""

    workspaces: Mapping[str, str] = _NOTHING
    """Workspace name → region."""
    min_retention_days: Mapping[str, int] = _NOTHING
    """Environment class → days."""


class Crypto(NamedTuple):
    """Parameters of the encryption controls."""

    max_secret_lifetime_days: int = 180
    max_key_lifetime_days: int = 730
    min_tls: str = "1.2"
    cert_warn_days: int = 21


class StoragePolicy(NamedTuple):
    """Parameters of the storage controls."""

    soft_delete_days: int = 14
    backup_accounts: tuple[str, ...] = ()


class PipelinesPolicy(NamedTuple):
    """Parameters of the pipeline controls."""

    min_approvers: Mapping[str, int] = _NOTHING
    """Environment class → approvals."""
    mandatory_stages: tuple[str, ...] = ()


class EstateExemption(NamedTuple):
    """One accepted Finding as the Estate declares it."""

    id: str
    rules: tuple[str, ...]
    """Rule ids or globs."""
    scope: Mapping[str, tuple[str, ...]]
    """``tenant`` (ids), ``environment``, ``cluster``, ``namespace`` → values it holds for."""
    reason: str
    owner: str
    approver: str
    ticket: str
    approved: date
    expires: date

    def active(self, today: date) -> bool:
        """Whether it holds on ``today``; the last day counts."""
        return today <= self.expires


class Exemptions(NamedTuple):
    """The exemptions of the Estate, and how long one may last."""

    max_days: int = 90
    """Days from approval to expiry."""
    items: tuple[EstateExemption, ...] = ()


class RestoreTest(NamedTuple):
    """Proof of one restore test."""

    tenant: str
    environment: str
    completed: datetime
    duration_minutes: int
    result: str
    """``pass`` or ``fail``."""
    ref: str | None = None


class Evidence(NamedTuple):
    """Proof that cannot be read from the platform."""

    restore_tests: tuple[RestoreTest, ...] = ()


class Contacts(NamedTuple):
    """Who is told."""

    security: str | None = None
    finops: str | None = None


class Postgresql(NamedTuple):
    """Where a tenant's database is."""

    model: str
    """``shared-server`` or ``dedicated-server``."""
    server: str
    database: str | None = None
    role: str | None = None


class Redis(NamedTuple):
    """Where a tenant's cache is."""

    model: str
    """``shared`` or ``dedicated``."""
    instance: str
    key_prefix: str | None = None
    role: str = "cache"
    """What it holds: ``cache``, ``session`` or ``queue``."""


class Storage(NamedTuple):
    """Where a tenant's files are."""

    account: str
    container: str


class TenantData(NamedTuple):
    """Where a tenant's data is."""

    postgresql: Postgresql | None = None
    redis: Redis | None = None
    storage: Storage | None = None


class KeyVault(NamedTuple):
    """A key vault of a tenant, or its part of a shared one."""

    name: str
    prefix: str | None = None
    """Every name in a shared vault starts with it; None for a vault of its own."""


class NodePool(NamedTuple):
    """The node pool that is a tenant's own."""

    cluster: str
    name: str


class Tenant(NamedTuple):
    """One tenant."""

    id: str
    name: str
    """DNS label."""
    hosting: str
    """``multi-tenant``, ``hybrid`` or ``dedicated``."""
    tier: str
    residency: str
    """Residency zone."""
    data_classification: str
    owner: str
    cost_center: str
    environments: tuple[str, ...]
    isolation: str
    """One of :data:`ISOLATIONS`."""
    domains: tuple[str, ...] = ()
    data: TenantData = TenantData()
    key_vaults: tuple[KeyVault, ...] = ()
    identities: tuple[str, ...] = ()
    """Object ids of its groups and users; where empty, ``identities.tenantGroups.pattern`` decides."""
    allowed_regions: tuple[str, ...] = ()
    """Where its data may live, if not in its whole residency zone; ``Estate.allowed_regions`` knows both."""
    node_pool: NodePool | None = None
    vnet: str | None = None
    restore_test_evidence_required: bool = False
    residency_exemption: str | None = None
    """Id of the exemption that allows regions outside the residency zone."""
    overrides: Mapping[str, Mapping[str, Any]] = _NOTHING
    """Environment → tier attributes that differ there, keyed as in the file; ``Estate.tier_of`` applies them."""


class Declaration(NamedTuple):
    """Everything ``estate.yaml`` says; :class:`scanner.estate.Estate` adds what follows from it."""

    metadata: Metadata
    regions: Regions
    environment_classes: tuple[str, ...]
    """Strictest first."""
    environments: Mapping[str, Environment]
    tiers: Mapping[str, Tier]
    backup_classes: Mapping[str, int]
    """Name → ordinal; a higher one satisfies a lower one."""
    tags: Tags
    namespace_labels: NamespaceLabels
    workload_labels: WorkloadLabels
    namespace_mapping: NamespaceMapping
    platform_namespaces: tuple[str, ...]
    edge_namespaces: tuple[str, ...]
    """Namespaces that may hold public Services."""
    subscriptions: tuple[Subscription, ...]
    clusters: tuple[Cluster, ...]
    identities: Identities
    registries: tuple[Registry, ...]
    approved_skus: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Environment class → service → SKUs."""
    tenants: tuple[Tenant, ...]
    management_groups: tuple[str, ...] = ()
    """Names of management groups: an audit reads every subscription below them."""
    tier_windows: TierWindows | None = None
    tenant_node_label: str = "tenant"
    """Node label and taint key that marks a tenant's node pool."""
    unmanaged: tuple[str, ...] = ()
    """Globs on ids of live resources that are accepted without a declaration."""
    signing: Signing | None = None
    base_images: tuple[str, ...] = ()
    """Globs on image references."""
    versions: Mapping[str, MinimumVersion] = _NOTHING
    network: Network = Network()
    logs: Logs = Logs()
    crypto: Crypto = Crypto()
    storage: StoragePolicy = StoragePolicy()
    pipelines_policy: PipelinesPolicy = PipelinesPolicy()
    exemptions: Exemptions = Exemptions()
    evidence: Evidence = Evidence()
    contacts: Contacts = Contacts()
