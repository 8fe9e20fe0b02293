package bulkhead.tenant_isolation.service_exposure

spec := input.resource.attributes.spec

deny contains {"message": message, "at": ["spec", "type"]} if {
	spec.type in {"LoadBalancer", "NodePort"}
	message := sprintf("type is %s; a tenant's Service must be ClusterIP, its way in is the shared ingress", [spec.type])
}

deny contains {"message": message, "at": ["spec", "type"]} if {
	spec.type == "ExternalName"
	input.resource.hosting == "multi-tenant"
	message := "type is ExternalName, a name that no network policy sees; a multi-tenant tenant's Service must be ClusterIP"
}

deny contains {"message": message, "at": ["spec", "externalIPs"]} if {
	addresses := [address | address := spec.externalIPs[_]; is_string(address)]
	count(addresses) > 0
	message := sprintf("externalIPs takes %s for this Service; it must be empty", [concat(", ", sort(addresses))])
}
