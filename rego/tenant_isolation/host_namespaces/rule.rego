package bulkhead.tenant_isolation.host_namespaces

namespaces := {"hostIPC": "IPC", "hostNetwork": "network", "hostPID": "process"}

deny contains {"message": message, "at": at} if {
	pod := input.views.pod
	some field, namespace in namespaces
	pod.spec[field] == true
	message := sprintf("%s is true, so the pod shares the node's %s namespace; it must be false or absent", [field, namespace])
	at := array.concat(pod.at, ["spec", field])
}
