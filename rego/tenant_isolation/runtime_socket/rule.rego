package bulkhead.tenant_isolation.runtime_socket

sockets := {
	"/run/containerd/containerd.sock",
	"/run/crio/crio.sock",
	"/run/docker.sock",
	"/var/run/containerd/containerd.sock",
	"/var/run/crio/crio.sock",
	"/var/run/docker.sock",
}

deny contains {"message": message, "at": at} if {
	pod := input.views.pod
	volume := pod.spec.volumes[i]
	path := volume.hostPath.path
	is_string(path)
	trim_suffix(regex.replace(path, `/+`, "/"), "/") in sockets
	message := sprintf("volume '%v' is the container runtime's socket %s; it must not be mounted", [
		object.get(volume, "name", ""),
		path,
	])
	at := array.concat(pod.at, ["spec", "volumes", i, "hostPath", "path"])
}
