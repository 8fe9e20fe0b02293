package peer.nonroot

import data.lib.pods

says(holder) if is_boolean(holder.securityContext.runAsNonRoot)

violation contains {"msg": sprintf("container %s may run as root", [container.name])} if {
	some container in pods.containers
	container.securityContext.runAsNonRoot == false
}

violation contains {"msg": sprintf("container %s may run as root", [container.name])} if {
	some container in pods.containers
	not says(container)
	not pods.spec.securityContext.runAsNonRoot == true
}

violation contains {"msg": "runAsUser is 0"} if {
	some holder in {pods.spec} | pods.containers
	holder.securityContext.runAsUser == 0
}
