package bulkhead.rbac.cluster_local_accounts

deny contains {"message": message, "at": ["properties", "disableLocalAccounts"]} if {
	not input.resource.attributes.properties.disableLocalAccounts == true
	message := "disableLocalAccounts is not true; it must be"
}
