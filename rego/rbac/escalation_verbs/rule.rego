package bulkhead.rbac.escalation_verbs

import data.bulkhead.lib.roles

# Verbs that lead past one's own rights, on these resources of an API group.
# https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
dangerous := [
	{"group": "rbac.authorization.k8s.io", "resources": {"roles", "clusterroles"}, "verbs": {"bind", "escalate"}},
	{"group": "", "resources": {"users", "groups", "serviceaccounts"}, "verbs": {"impersonate"}},
	{"group": "authentication.k8s.io", "resources": ({"userextras"} | extras), "verbs": {"impersonate"}},
]

# What is extra about a user is a resource each: userextras/scopes.
extras := {name |
	name := input.resource.attributes.rules[_].resources[_]
	is_string(name)
	startswith(name, "userextras/")
}

deny contains {"message": message, "at": ["rules", i, "verbs", j]} if {
	not roles.is_builtin
	rule := input.resource.attributes.rules[i]
	verb := rule.verbs[j]
	granted := {grant | some target in dangerous; grant := grants(rule, verb, target)[_]}
	count(granted) > 0
	message := sprintf("verb '%s' grants %s; no role may grant that", [verb, concat(", ", sort(granted))])
}

grants(rule, verb, target) := {grant |
	some resource in target.resources
	roles.reaches(rule, target.group, resource)
	some meant in target.verbs
	verb in {meant, "*"}
	grant := sprintf("%s on %s", [meant, resource])
}
