package main

deny contains message if {
	input.kind == "Deployment"
	some container in input.spec.template.spec.containers
	container.securityContext.privileged == true
	message := sprintf("container '%s' is privileged", [container.name])
}

deny contains message if {
	input.kind == "Deployment"
	some container in input.spec.template.spec.containers
	endswith(container.image, ":latest")
	message := sprintf("container '%s' uses a mutable tag", [container.name])
}
