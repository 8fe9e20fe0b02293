package bulkhead.network.storage_anonymous_access

properties := object.get(input.resource.attributes, "properties", {})

deny contains {"message": message, "at": ["properties", "allowBlobPublicAccess"]} if {
	input.resource.type == "Microsoft.Storage/storageAccounts"
	not properties.allowBlobPublicAccess == false
	found := object.get(properties, "allowBlobPublicAccess", "not set")
	message := sprintf("allowBlobPublicAccess is %v; it must be false", [found])
}

deny contains {"message": message, "at": ["properties", "publicAccess"]} if {
	access := properties.publicAccess
	lower(access) != "none"
	message := sprintf("publicAccess is %s; it must be None", [access])
}
