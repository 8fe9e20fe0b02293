package bulkhead.backup.blob_soft_delete

properties := object.get(input.resource.attributes, "properties", {})

default expected := 14

expected := data.estate.storage.softDeleteDays

deny contains {"message": message, "at": ["properties", "deleteRetentionPolicy", "enabled"]} if {
	not properties.deleteRetentionPolicy.enabled == true
	message := "blobs are not kept when they are deleted; deleteRetentionPolicy must be enabled"
}

deny contains {"message": message, "at": ["properties", "deleteRetentionPolicy", "days"]} if {
	properties.deleteRetentionPolicy.enabled == true
	days := object.get(properties, ["deleteRetentionPolicy", "days"], 7)
	days < expected
	message := sprintf("deleted blobs are kept for %v days; %d are expected", [days, expected])
}

deny contains {"message": message, "at": ["properties", "containerDeleteRetentionPolicy", "enabled"]} if {
	not properties.containerDeleteRetentionPolicy.enabled == true
	message := "containers are not kept when they are deleted; containerDeleteRetentionPolicy must be enabled"
}

deny contains {"message": message, "at": ["properties", "isVersioningEnabled"]} if {
	some account in data.estate.storage.backupAccounts
	endswith(lower(object.get(input.resource.attributes, "parent", "")), sprintf("/%s", [lower(account)]))
	not properties.isVersioningEnabled == true
	message := "blobs of a backup account have no versions; isVersioningEnabled must be true"
}
