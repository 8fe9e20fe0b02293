package bulkhead.encryption.storage_https

deny contains {"message": message, "at": ["properties", "supportsHttpsTrafficOnly"]} if {
	input.resource.attributes.properties.supportsHttpsTrafficOnly == false
	message := "supportsHttpsTrafficOnly is false; secure transfer must be required"
}
