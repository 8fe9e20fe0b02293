package bulkhead.tenant_isolation.workload_namespace

# Namespaces that are there before anybody makes one. No name means 'default' to the API server.
initial := {"", "default", "kube-system", "kube-public", "kube-node-lease"}

deny contains {"message": message, "at": ["metadata", "namespace"]} if {
	input.resource.namespace in initial
	not is_part_of_cluster
	message := sprintf("%s; a workload needs a namespace of its own tenant or component", [place])
}

place := "namespace is not set, so it is 'default'" if input.resource.namespace == ""

else := sprintf("namespace is '%s', which comes with the cluster", [input.resource.namespace])

metadata := input.resource.attributes.metadata

# What the cluster itself keeps in kube-system: static Pods of the control plane, and add-ons that their manager restores.
is_part_of_cluster if {
	input.resource.namespace == "kube-system"
	some label, values in {
		"addonmanager.kubernetes.io/mode": {"Reconcile", "EnsureExists"},
		"kubernetes.azure.com/managedby": {"aks"},
		"kubernetes.io/cluster-service": {"true"},
	}
	metadata.labels[label] in values
}

is_part_of_cluster if {
	input.resource.namespace == "kube-system"
	metadata.annotations["kubernetes.io/config.mirror"]
}
