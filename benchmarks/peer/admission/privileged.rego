package peer.privileged

import data.lib.pods

violation contains {"msg": sprintf("container %s is privileged", [container.name])} if {
	some container in pods.containers
	container.securityContext.privileged == true
}
