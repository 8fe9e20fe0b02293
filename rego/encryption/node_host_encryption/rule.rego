package bulkhead.encryption.node_host_encryption

deny contains {"message": message(pool.name, pool), "at": ["properties", "agentPoolProfiles", i, "enableEncryptionAtHost"]} if {
	pool := input.resource.attributes.properties.agentPoolProfiles[i]
	is_object(pool)
	not pool.enableEncryptionAtHost == true
}

deny contains {"message": message(input.resource.attributes.name, pool), "at": ["properties", "enableEncryptionAtHost"]} if {
	input.resource.type == "Microsoft.ContainerService/managedClusters/agentPools"
	pool := object.get(input.resource.attributes, "properties", {})
	not pool.enableEncryptionAtHost == true
}

message(name, pool) := sprintf("pool '%s' has enableEncryptionAtHost %s; it must be true", [name, found(pool)])

found(pool) := "false" if pool.enableEncryptionAtHost == false

else := "not set"
