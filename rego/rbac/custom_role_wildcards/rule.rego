package bulkhead.rbac.custom_role_wildcards

properties := object.get(input.resource.attributes, "properties", {})

too_wide := {"*", "*/write", "microsoft.authorization/*", "microsoft.authorization/*/write"}

deny contains {"message": message, "at": ["properties", "permissions", i, "actions", j]} if {
	is_custom
	action := properties.permissions[i].actions[j]
	is_string(action)
	lower(action) in too_wide
	scope := widest
	message := sprintf("custom role '%s' allows %s and may be assigned at %s; name actions, or resource groups", [name, action, scope])
}

is_custom if lower(object.get(properties, "type", "CustomRole")) == "customrole"

name := object.get(properties, "roleName", "")

# Of the scopes wider than a resource group, the first.
widest := [scope | some scope in properties.assignableScopes; is_wide(scope)][0]

is_wide("/") := true

is_wide(scope) if regex.match(`(?i)^/subscriptions/[^/]+/?$`, scope)

is_wide(scope) if regex.match(`(?i)^/providers/Microsoft\.Management/managementGroups/[^/]+/?$`, scope)
