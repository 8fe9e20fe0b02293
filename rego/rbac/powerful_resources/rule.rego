package bulkhead.rbac.powerful_resources

import data.bulkhead.lib.roles

# What makes its holder master of the cluster or of other accounts. Only tokens are within reach of a Role: the others
# are cluster-wide, or meant cluster-wide.
powers := [
	{"group": "", "resource": "pods", "verbs": {"create"}, "kinds": {"ClusterRole"}},
	{"group": "", "resource": "persistentvolumes", "verbs": {"create"}, "kinds": {"ClusterRole"}},
	{"group": "", "resource": "serviceaccounts/token", "verbs": {"create"}, "kinds": {"ClusterRole", "Role"}},
	{
		"group": "admissionregistration.k8s.io", "resource": "mutatingwebhookconfigurations",
		"verbs": {"update", "patch"}, "kinds": {"ClusterRole"},
	},
	{
		"group": "admissionregistration.k8s.io", "resource": "validatingwebhookconfigurations",
		"verbs": {"update", "patch"}, "kinds": {"ClusterRole"},
	},
	{
		"group": "certificates.k8s.io", "resource": "certificatesigningrequests/approval",
		"verbs": {"update", "patch"}, "kinds": {"ClusterRole"},
	},
]

deny contains {"message": message, "at": ["rules", i, "verbs", j]} if {
	not roles.is_builtin
	rule := input.resource.attributes.rules[i]
	verb := rule.verbs[j]
	granted := {sprintf("%s on %s", [meant, power.resource]) |
		some power in powers
		input.resource.kind in power.kinds
		some meant in power.verbs
		verb in {meant, "*"}
		roles.reaches(rule, power.group, power.resource)
	}
	count(granted) > 0
	message := sprintf("verb '%s' grants %s; only the platform may hold that", [verb, concat(", ", sort(granted))])
}
