package peer.hostpath

import data.lib.pods

violation contains {"msg": sprintf("volume %s is the node's", [volume.name])} if {
	some volume in pods.spec.volumes
	volume.hostPath
}
