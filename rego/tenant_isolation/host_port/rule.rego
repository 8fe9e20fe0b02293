package bulkhead.tenant_isolation.host_port

deny contains {"message": message, "at": at} if {
	some container in input.views.containers
	port := container.spec.ports[i].hostPort
	is_number(port)
	port != 0
	message := sprintf("container '%s' takes port %v of its node; hostPort must be 0 or absent", [container.name, port])
	at := array.concat(container.at, ["ports", i, "hostPort"])
}
