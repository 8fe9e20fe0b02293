package bulkhead.network.postgresql_public_access

properties := object.get(input.resource.attributes, "properties", {})

deny contains {"message": message, "at": ["properties", "network", "publicNetworkAccess"]} if {
	input.resource.type == "Microsoft.DBforPostgreSQL/flexibleServers"
	not is_private
	found := object.get(properties, ["network", "publicNetworkAccess"], "not set")
	message := sprintf("publicNetworkAccess is %v; it must be Disabled, or the server injected into a subnet", [found])
}

deny contains {"message": message, "at": ["properties", "publicNetworkAccess"]} if {
	input.resource.type == "Microsoft.DBforPostgreSQL/servers"
	not is_private
	found := object.get(properties, "publicNetworkAccess", "not set")
	message := sprintf("publicNetworkAccess is %v; it must be Disabled", [found])
}

is_private if lower(properties.network.publicNetworkAccess) == "disabled"

is_private if lower(properties.publicNetworkAccess) == "disabled"

is_private if not object.get(properties, ["network", "delegatedSubnetResourceId"], "") in {"", null}
