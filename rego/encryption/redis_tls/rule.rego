package bulkhead.encryption.redis_tls

properties := object.get(input.resource.attributes, "properties", {})

accepted := {"1.2", "1.3"}

deny contains {"message": message, "at": ["properties", "minimumTlsVersion"]} if {
	version := properties.minimumTlsVersion
	not sprintf("%v", [version]) in accepted
	message := sprintf("minimumTlsVersion is %v; 1.2 or later is expected", [version])
}

deny contains {"message": message, "at": ["properties", "minimumTlsVersion"]} if {
	input.resource.type == "Microsoft.Cache/redis"
	object.get(properties, "minimumTlsVersion", "") == ""
	message := "minimumTlsVersion is not set; 1.2 or later is expected"
}

deny contains {"message": message, "at": ["properties", "clientProtocol"]} if {
	protocol := properties.clientProtocol
	lower(protocol) != "encrypted"
	message := sprintf("clientProtocol is %s; Encrypted is expected", [protocol])
}
