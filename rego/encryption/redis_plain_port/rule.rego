package bulkhead.encryption.redis_plain_port

deny contains {"message": message, "at": ["properties", "enableNonSslPort"]} if {
	input.resource.attributes.properties.enableNonSslPort == true
	message := "enableNonSslPort is true; the plain port must stay closed"
}
