package bulkhead.network.postgresql_firewall

default limit := 256

limit := data.estate.network.maxFirewallRange

properties := object.get(input.resource.attributes, "properties", {})

deny contains {"message": message, "at": ["properties", "startIpAddress"]} if {
	properties.startIpAddress == "0.0.0.0"
	message := sprintf("it admits 0.0.0.0 to %v, %s; single addresses are expected", [properties.endIpAddress, strangers])
}

deny contains {"message": message, "at": ["properties", "endIpAddress"]} if {
	properties.startIpAddress != "0.0.0.0"
	size := (number(properties.endIpAddress) - number(properties.startIpAddress)) + 1
	size > limit
	message := sprintf("it admits %d addresses; at most %d are allowed", [size, limit])
}

strangers := "which means everything inside Azure" if properties.endIpAddress == "0.0.0.0"

else := "the Internet from its beginning"

# An IPv4 address as a number.
number(address) := (((to_number(parts[0]) * 16777216) + (to_number(parts[1]) * 65536)) + (to_number(parts[2]) * 256)) + to_number(parts[3]) if {
	regex.match(`^[0-9]{1,3}(\.[0-9]{1,3}){3}$`, address)
	parts := split(address, ".")
}
