package bulkhead.rbac.registry_admin_user

deny contains {"message": message, "at": ["properties", "adminUserEnabled"]} if {
	input.resource.attributes.properties.adminUserEnabled == true
	message := "adminUserEnabled is true; the admin user must be disabled"
}
