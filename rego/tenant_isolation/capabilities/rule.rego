package bulkhead.tenant_isolation.capabilities

# Windows pods cannot set the Linux fields.
deny contains {"message": message, "at": at} if {
	not input.views.pod.spec.os.name == "windows"
	some container in input.views.containers
	not drops_all(container)
	message := sprintf("container '%s' does not drop all capabilities; capabilities.drop must hold ALL", [container.name])
	at := array.concat(container.at, ["securityContext", "capabilities", "drop"])
}

deny contains {"message": message, "at": at} if {
	not input.views.pod.spec.os.name == "windows"
	some container in input.views.containers
	capability := container.spec.securityContext.capabilities.add[i]
	is_string(capability)
	capability != "NET_BIND_SERVICE"
	message := sprintf("container '%s' adds capability %s; only NET_BIND_SERVICE may be added", [container.name, capability])
	at := array.concat(container.at, ["securityContext", "capabilities", "add", i])
}

drops_all(container) if "ALL" in container.spec.securityContext.capabilities.drop
