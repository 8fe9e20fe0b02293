package bulkhead.encryption.postgresql_tls_version

deny contains {"message": message, "at": ["properties", "value"]} if {
	lower(input.resource.attributes.name) == "ssl_min_protocol_version"
	value := input.resource.attributes.properties.value
	not lower(value) in {"tlsv1.2", "tlsv1.3"}
	message := sprintf("ssl_min_protocol_version is %v; TLSv1.2 or later is expected", [value])
}
