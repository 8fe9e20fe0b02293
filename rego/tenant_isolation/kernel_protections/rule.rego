package bulkhead.tenant_isolation.kernel_protections

pod := input.views.pod

# Values of the baseline Pod Security Standard, Kubernetes 1.35.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
safe_sysctls := {
	"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_syncookies",
}

selinux_types := {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}

apparmor_key := "container.apparmor.security.beta.kubernetes.io/"

# The security contexts that set one of the watched fields, and how messages call their owners.
owners := array.concat(
	[{"name": "the pod", "context": context, "at": array.concat(pod.at, ["spec", "securityContext"])} |
		context := pod.spec.securityContext
		is_watched(context)
	],
	[{"name": name, "context": context, "at": array.concat(container.at, ["securityContext"])} |
		some container in input.views.containers
		context := container.spec.securityContext
		is_watched(context)
		name := sprintf("container '%s'", [container.name])
	],
)

is_watched(context) if {
	some field in {"appArmorProfile", "procMount", "seLinuxOptions", "sysctls", "windowsOptions"}
	context[field] != null
}

deny contains {"message": message, "at": array.concat(owner.at, ["procMount"])} if {
	some owner in owners
	mount := owner.context.procMount
	not mount in {"Default", null}
	message := sprintf("procMount of %s is '%v'; it must be Default or absent", [owner.name, mount])
}

deny contains {"message": message, "at": array.concat(owner.at, ["sysctls", i, "name"])} if {
	some owner in owners
	name := owner.context.sysctls[i].name
	not name in safe_sysctls
	message := sprintf("sysctl '%v' of %s is not in the safe set of Kubernetes; it must not be set", [name, owner.name])
}

deny contains {"message": message, "at": array.concat(owner.at, ["appArmorProfile", "type"])} if {
	some owner in owners
	type := owner.context.appArmorProfile.type
	not type in {"RuntimeDefault", "Localhost", null}
	message := sprintf("AppArmor profile of %s is '%v'; it must be RuntimeDefault, Localhost or absent", [owner.name, type])
}

deny contains {"message": message, "at": array.concat(pod.at, ["metadata", "annotations", key])} if {
	value := pod.metadata.annotations[key]
	is_string(key)
	is_string(value)
	startswith(key, apparmor_key)
	not regex.match(`^(runtime/default|localhost/.*)?$`, value)
	message := sprintf("AppArmor profile of container '%s' is '%s'; it must be runtime/default, localhost/* or absent", [
		trim_prefix(key, apparmor_key),
		value,
	])
}

deny contains {"message": message, "at": array.concat(owner.at, ["seLinuxOptions", "type"])} if {
	some owner in owners
	type := owner.context.seLinuxOptions.type
	not type in (selinux_types | {null})
	message := sprintf("SELinux type of %s is '%v'; it must be one of those for containers or absent", [owner.name, type])
}

deny contains {"message": message, "at": array.concat(owner.at, ["seLinuxOptions", field])} if {
	some owner in owners
	some field in {"user", "role"}
	value := owner.context.seLinuxOptions[field]
	not value in {"", null}
	message := sprintf("SELinux %s of %s is '%v'; it must be absent", [field, owner.name, value])
}

deny contains {"message": message, "at": array.concat(owner.at, ["windowsOptions", "hostProcess"])} if {
	some owner in owners
	owner.context.windowsOptions.hostProcess == true
	message := sprintf("hostProcess of %s is true; it must be false or absent", [owner.name])
}
