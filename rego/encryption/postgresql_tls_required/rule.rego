package bulkhead.encryption.postgresql_tls_required

deny contains {"message": message, "at": ["properties", "value"]} if {
	lower(input.resource.attributes.name) == "require_secure_transport"
	value := input.resource.attributes.properties.value
	lower(value) != "on"
	message := sprintf("require_secure_transport is %v; it must be on", [value])
}
