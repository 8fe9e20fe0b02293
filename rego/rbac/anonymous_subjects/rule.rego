package bulkhead.rbac.anonymous_subjects

# Subjects that Kubernetes makes up, and who that is.
made_up := {
	"system:anonymous": "whoever reaches the API server",
	"system:unauthenticated": "whoever reaches the API server",
	"system:authenticated": "everybody who can log in, every service account included",
	"system:masters": "a cluster administrator whose rights nobody can take back",
}

deny contains {"message": message, "at": ["subjects", i, "name"]} if {
	not is_builtin
	some name, who in made_up
	input.resource.attributes.subjects[i].name == name
	message := sprintf("subject '%s' is %s; bind named users, groups or service accounts", [name, who])
}

# The bindings that the API server writes itself and restores at every start. The label alone proves nothing: whoever
# may write an object may set it.
is_builtin if {
	input.resource.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"
	regex.match(`^(system:.+|cluster-admin)$`, input.resource.name)
}
