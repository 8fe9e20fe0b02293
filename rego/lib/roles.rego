package bulkhead.lib.roles

# Roles that the API server makes and restores at every start. The label alone proves nothing: whoever may write an
# object may set it. https://kubernetes.io/docs/reference/access-authn-authz/rbac/#auto-reconciliation
is_builtin if {
	input.resource.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"
	regex.match(`^(system:.+|cluster-admin|admin|edit|view)$`, input.resource.name)
}

# Whether a rule of a role reaches a resource of an API group, by name or by wildcard: '*' takes subresources in,
# '*/token' is that subresource of every resource.
reaches(rule, group, resource) if {
	rule.apiGroups[_] in {group, "*"}
	rule.resources[_] in {resource, "*", regex.replace(resource, `^[^/]+/`, "*/")}
}

# The texts of a list, sorted and joined; elements of another type do not count.
joined(list) := concat(", ", sort([text | text := list[_]; is_string(text)]))
