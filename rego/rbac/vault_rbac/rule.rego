package bulkhead.rbac.vault_rbac

properties := object.get(input.resource.attributes, "properties", {})

deny contains {"message": message, "at": ["properties", "enableRbacAuthorization"]} if {
	not properties.enableRbacAuthorization == true
	message := "enableRbacAuthorization is not true; it must be"
}

deny contains {"message": message, "at": ["properties", "accessPolicies"]} if {
	properties.enableRbacAuthorization == true
	number := count(properties.accessPolicies)
	number > 0
	message := sprintf("access policies (%d) do nothing beside Azure RBAC; remove them", [number])
}
