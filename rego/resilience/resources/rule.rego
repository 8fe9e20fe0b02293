package bulkhead.resilience.resources

required := [["requests", "cpu"], ["requests", "memory"], ["limits", "memory"]]

deny contains {"message": message, "at": array.concat(container.at, ["resources", kind, resource])} if {
	some container in input.views.containers
	container.kind != "ephemeral"
	some [kind, resource] in required
	not is_set(container.spec, kind, resource)
	not is_set(input.views.pod.spec, kind, resource)
	message := sprintf("resources.%s.%s of container '%s' is not set; it is required", [kind, resource, container.name])
}

# Of a container, or of the whole pod: its containers then share it.
is_set(spec, kind, resource) if spec.resources[kind][resource] != null
