package bulkhead.tenant_isolation.privileged

deny contains {"message": message, "at": at} if {
	some container in input.views.containers
	container.spec.securityContext.privileged == true
	message := sprintf("container '%s' is privileged; privileged must be false or absent", [container.name])
	at := array.concat(container.at, ["securityContext", "privileged"])
}
