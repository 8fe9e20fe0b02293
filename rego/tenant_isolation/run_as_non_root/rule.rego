package bulkhead.tenant_isolation.run_as_non_root

import data.bulkhead.lib.pods

pod := input.views.pod

at_pod(field) := array.concat(pod.at, ["spec", "securityContext", field])

at_container(container, field) := array.concat(container.at, ["securityContext", field])

# Whether a pod or container says anything about it.
says(spec) if is_boolean(spec.securityContext.runAsNonRoot)

# Containers for which the pod's runAsNonRoot counts: those that say nothing themselves.
inheriting := [container |
	some container in input.views.containers
	not says(container.spec)
]

deny contains {"message": message, "at": at_container(container, "runAsNonRoot")} if {
	some container in input.views.containers
	container.spec.securityContext.runAsNonRoot == false
	message := sprintf("runAsNonRoot of container '%s' is false; it must be true", [container.name])
}

deny contains {"message": message, "at": at_pod("runAsNonRoot")} if {
	pod.spec.securityContext.runAsNonRoot == false
	names := {container.name | some container in inheriting}
	count(names) > 0
	message := sprintf("runAsNonRoot of the pod is false and counts for container %s; it must be true", [pods.quoted(names)])
}

deny contains {"message": message, "at": at_container(container, "runAsNonRoot")} if {
	not says(pod.spec)
	some container in inheriting
	message := sprintf("runAsNonRoot is set neither for container '%s' nor for its pod; it must be true", [container.name])
}

deny contains {"message": message, "at": at_pod("runAsUser")} if {
	pod.spec.securityContext.runAsUser == 0
	message := "runAsUser of the pod is 0, which is root; it must be another user or absent"
}

deny contains {"message": message, "at": at_container(container, "runAsUser")} if {
	some container in input.views.containers
	container.spec.securityContext.runAsUser == 0
	message := sprintf("runAsUser of container '%s' is 0, which is root; it must be another user or absent", [container.name])
}
