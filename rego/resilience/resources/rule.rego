package bulkhead.resilience.resources

required := [["requests", "cpu"], ["requests", "memory"], ["limits", "memory"]]

# Set on the container, or on the whole pod: its containers then share it.
deny contains {"message": message, "at": array.concat(container.at, ["resources", kind, resource])} if {
	some container in input.views.containers
	container.kind != "ephemeral"
	some [kind, resource] in required
	object.get(container.spec, ["resources", kind, resource], null) == null
	object.get(input.views.pod.spec, ["resources", kind, resource], null) == null
	message := sprintf("resources.%s.%s of container '%s' is not set; it is required", [kind, resource, container.name])
}
