package peer.resources

import data.lib.pods

required := [["requests", "cpu"], ["requests", "memory"], ["limits", "memory"]]

violation contains {"msg": sprintf("container %s lacks %s.%s", [container.name, kind, resource])} if {
	some container in pods.containers
	some [kind, resource] in required
	not container.resources[kind][resource]
	not pods.spec.resources[kind][resource]
}
