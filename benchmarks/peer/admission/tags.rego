package peer.tags

import data.lib.pods

violation contains {"msg": sprintf("image of container %s may change", [container.name])} if {
	some container in pods.containers
	not contains(container.image, "@sha256:")
	name := regex.replace(container.image, `^.*/`, "")
	regex.match(`^[^:]+(:(latest|main|master|dev|staging|prod|stable)?)?$`, name)
}
