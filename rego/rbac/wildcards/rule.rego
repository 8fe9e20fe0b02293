package bulkhead.rbac.wildcards

import data.bulkhead.lib.roles

deny contains {"message": message, "at": ["rules", i, field]} if {
	not is_exempt
	rule := input.resource.attributes.rules[i]
	some field in {"apiGroups", "resources", "verbs"}
	"*" in rule[field]
	counts(field, rule)
	message := sprintf("a rule for %s allows '*' in %s; name the ones that are needed", [subject(rule), field])
}

# A wildcard of API groups alone reaches only what the rule names.
counts(field, _) if field in {"resources", "verbs"}

counts("apiGroups", rule) if "*" in rule.resources

counts("apiGroups", rule) if "*" in rule.verbs

subject(rule) := sprintf("resources '%s'", [roles.joined(rule.resources)]) if rule.resources

else := sprintf("URLs '%s'", [roles.joined(rule.nonResourceURLs)]) if rule.nonResourceURLs

else := "nothing"

is_exempt if roles.is_builtin

# Kubernetes keeps these for itself.
is_exempt if startswith(input.resource.name, "system:")

# The control plane fills these in from the roles that the selectors match; those are judged themselves.
is_exempt if is_object(input.resource.attributes.aggregationRule)
