package bulkhead.resilience.probes

purpose := {
	"livenessProbe": "so a container that hangs is never restarted",
	"readinessProbe": "so requests reach it before it can answer",
}

deny contains {"message": message, "at": array.concat(container.at, [probe])} if {
	some container in input.views.containers
	container.kind == "container"
	some probe, consequence in purpose
	not has(container.spec, probe)
	message := sprintf("container '%s' has no %s, %s; define one", [container.name, probe, consequence])
}

has(spec, probe) if is_object(spec[probe])
