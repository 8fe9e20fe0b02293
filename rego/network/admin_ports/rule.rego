package bulkhead.network.admin_ports

import data.bulkhead.lib.security_rules

services := [
	{"port": 22, "name": "SSH"},
	{"port": 3389, "name": "RDP"},
	{"port": 5985, "name": "WinRM"},
	{"port": 5986, "name": "WinRM"},
]

deny contains {"message": message, "at": rule.at} if {
	some rule in security_rules.open_to_anyone
	opened := security_rules.opened(rule.properties, services)
	opened != ""
	message := sprintf("rule '%s' opens %s to anyone (source %s); name the addresses that need it", [rule.name, opened, rule.source])
}
