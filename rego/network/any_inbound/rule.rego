package bulkhead.network.any_inbound

import data.bulkhead.lib.security_rules

services := [
	{"port": 5432, "name": "PostgreSQL"},
	{"port": 6379, "name": "Redis"},
	{"port": 6380, "name": "Redis"},
	{"port": 6443, "name": "Kubernetes API"},
	{"port": 10250, "name": "kubelet"},
]

deny contains {"message": message, "at": rule.at} if {
	some rule in security_rules.open_to_anyone
	opens_all(rule)
	message := sprintf("rule '%s' opens every port to anyone (source %s); name ports and addresses", [rule.name, rule.source])
}

deny contains {"message": message, "at": rule.at} if {
	some rule in security_rules.open_to_anyone
	not opens_all(rule)
	opened := security_rules.opened(rule.properties, services)
	opened != ""
	message := sprintf("rule '%s' opens %s to anyone (source %s); data stays inside", [rule.name, opened, rule.source])
}

opens_all(rule) if "*" in security_rules.ranges(rule.properties)
