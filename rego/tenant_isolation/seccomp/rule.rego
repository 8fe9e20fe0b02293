package bulkhead.tenant_isolation.seccomp

import data.bulkhead.lib.pods

allowed := {"RuntimeDefault", "Localhost"}

path := ["securityContext", "seccompProfile", "type"]

pod := input.views.pod

has_profile(spec) if is_string(spec.securityContext.seccompProfile.type)

# Containers for which the pod's profile counts: those that have none of their own.
inheriting := [container |
	some container in input.views.containers
	not has_profile(container.spec)
]

# Windows pods cannot set the Linux fields.
deny contains {"message": message, "at": array.concat(container.at, path)} if {
	not input.views.pod.spec.os.name == "windows"
	some container in input.views.containers
	type := container.spec.securityContext.seccompProfile.type
	is_string(type)
	not type in allowed
	message := sprintf("seccomp profile of container '%s' is '%s'; it must be RuntimeDefault or Localhost", [container.name, type])
}

deny contains {"message": message, "at": array.concat(pod.at, array.concat(["spec"], path))} if {
	not input.views.pod.spec.os.name == "windows"
	type := pod.spec.securityContext.seccompProfile.type
	is_string(type)
	not type in allowed
	names := {container.name | some container in inheriting}
	count(names) > 0
	message := sprintf("seccomp profile of the pod is '%s' and counts for container %s; it must be RuntimeDefault or Localhost", [
		type,
		pods.quoted(names),
	])
}

deny contains {"message": message, "at": array.concat(container.at, path)} if {
	not input.views.pod.spec.os.name == "windows"
	not has_profile(pod.spec)
	some container in inheriting
	message := sprintf("no seccomp profile is set for container '%s' nor for its pod; it must be RuntimeDefault or Localhost", [container.name])
}
