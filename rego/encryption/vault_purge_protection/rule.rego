package bulkhead.encryption.vault_purge_protection

deny contains {"message": message, "at": ["properties", "enablePurgeProtection"]} if {
	not input.resource.attributes.properties.enablePurgeProtection == true
	message := "enablePurgeProtection is not true; it must be"
}
