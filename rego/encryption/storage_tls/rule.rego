package bulkhead.encryption.storage_tls

accepted := {"tls1_2", "tls1_3"}

deny contains {"message": message, "at": ["properties", "minimumTlsVersion"]} if {
	not is_accepted
	message := sprintf("minimumTlsVersion %s; TLS1_2 or later is expected", [found])
}

is_accepted if lower(input.resource.attributes.properties.minimumTlsVersion) in accepted

found := sprintf("is %s", [version]) if version := input.resource.attributes.properties.minimumTlsVersion

else := "is not set, which admits TLS 1.0"
