# Security rules, whether they stand in a network security group or alone, and what they open.
# https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
package bulkhead.lib.security_rules

# The rules that let anyone in: {name, at, source, properties}; at is the place of the source.
open_to_anyone := [{"name": rule.name, "at": array.concat(rule.at, source.at), "source": source.prefix, "properties": properties} |
	some rule in array.concat(nested, alone)
	properties := rule.properties
	lower(properties.access) == "allow"
	lower(properties.direction) == "inbound"
	source := [found | some found in sources(properties); is_anyone(found.prefix)][0]
]

nested := [{"name": rule.name, "at": ["properties", "securityRules", i, "properties"], "properties": rule.properties} |
	rule := input.resource.attributes.properties.securityRules[i]
	is_object(rule)
]

alone := [{"name": input.resource.attributes.name, "at": ["properties"], "properties": properties} |
	input.resource.type == "Microsoft.Network/networkSecurityGroups/securityRules"
	properties := input.resource.attributes.properties
]

sources(properties) := array.concat(
	[{"prefix": prefix, "at": ["sourceAddressPrefix"]} | prefix := properties.sourceAddressPrefix; is_string(prefix)],
	[{"prefix": prefix, "at": ["sourceAddressPrefixes"]} | prefix := properties.sourceAddressPrefixes[_]; is_string(prefix)],
)

is_anyone(prefix) if lower(prefix) in {"*", "any", "internet"}

is_anyone(prefix) if endswith(prefix, "/0")

# The port ranges a rule is for, as they are written: 22, 8000-8100, *.
ranges(properties) := array.concat(
	[range | range := properties.destinationPortRange; is_string(range)],
	[range | range := properties.destinationPortRanges[_]; is_string(range)],
)

covers("*", _) := true

covers(range, port) if range == sprintf("%d", [port])

covers(range, port) if {
	regex.match(`^[0-9]+-[0-9]+$`, range)
	ends := split(range, "-")
	to_number(ends[0]) <= port
	to_number(ends[1]) >= port
}

# What of the services {port, name} a rule opens, as a message lists it: "22 (SSH), 3389 (RDP)".
opened(properties, services) := concat(", ", [sprintf("%d (%s)", [service.port, service.name]) |
	lower(properties.protocol) in {"tcp", "*"}
	some service in services
	some range in ranges(properties)
	covers(range, service.port)
])
