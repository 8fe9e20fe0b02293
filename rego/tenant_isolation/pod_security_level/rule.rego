package bulkhead.tenant_isolation.pod_security_level

label := "pod-security.kubernetes.io/enforce"

deny contains {"message": message, "at": ["metadata", "labels", label]} if {
	not is_sufficient
	message := sprintf("the namespace enforces %s; %s is required%s", [level, concat(" or ", sort(sufficient)), reason])
}

is_sufficient if input.resource.labels[label] in sufficient

level := sprintf("Pod Security level '%v'", [value]) if value := input.resource.labels[label]

else := "no Pod Security level"

# Pods of several tenants meet on one node only as far apart as the strictest level keeps them.
shares_production if {
	input.resource.environment_class == "production"
	input.resource.hosting == "multi-tenant"
}

sufficient := {"restricted"} if shares_production

else := {"baseline", "restricted"}

reason := " of a multi-tenant tenant in production" if shares_production

else := ""
