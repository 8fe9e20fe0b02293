package bulkhead.rbac.cluster_rbac

deny contains {"message": message, "at": ["properties", "enableRBAC"]} if {
	input.resource.attributes.properties.enableRBAC == false
	message := "enableRBAC is false; it must be on"
}
