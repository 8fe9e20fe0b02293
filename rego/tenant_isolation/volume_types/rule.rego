package bulkhead.tenant_isolation.volume_types

# https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
allowed := {
	"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
}

deny contains {"message": message, "at": at} if {
	pod := input.views.pod
	volume := pod.spec.volumes[i]
	is_object(volume)
	some type, source in volume
	not type in (allowed | {"name"})
	source != null
	message := sprintf("volume '%v' is of type %s; only %s are allowed", [
		object.get(volume, "name", ""),
		type,
		concat(", ", sort(allowed)),
	])
	at := array.concat(pod.at, ["spec", "volumes", i, type])
}
