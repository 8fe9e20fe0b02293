package bulkhead.tenant_isolation.host_path

deny contains {"message": message, "at": at} if {
	pod := input.views.pod
	volume := pod.spec.volumes[i]
	is_object(volume.hostPath)
	message := sprintf("volume '%v' is the node's %v; hostPath must not be used", [
		object.get(volume, "name", ""),
		object.get(volume.hostPath, "path", "file system"),
	])
	at := array.concat(pod.at, ["spec", "volumes", i, "hostPath"])
}

deny contains {"message": message, "at": ["spec", field]} if {
	input.resource.type == "core/PersistentVolume"
	not is_claimed_by_kubernetes
	some field in {"hostPath", "local"}
	source := input.resource.attributes.spec[field]
	is_object(source)
	message := sprintf("the volume is the node's %v; %s must not be used", [object.get(source, "path", "disk"), field])
}

# Every other volume is a tenant's, or may become one's.
is_claimed_by_kubernetes if {
	namespace := input.resource.attributes.spec.claimRef.namespace
	is_string(namespace)
	startswith(namespace, "kube-")
}
