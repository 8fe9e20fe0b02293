package bulkhead.network.vault_network_access

properties := object.get(input.resource.attributes, "properties", {})

deny contains {"message": message, "at": ["properties", "networkAcls", "defaultAction"]} if {
	not is_closed
	found := object.get(properties, ["networkAcls", "defaultAction"], "not set")
	message := sprintf("networks are admitted by default (defaultAction %v); Deny is expected, or publicNetworkAccess Disabled", [found])
}

is_closed if lower(properties.networkAcls.defaultAction) == "deny"

is_closed if lower(properties.publicNetworkAccess) == "disabled"
