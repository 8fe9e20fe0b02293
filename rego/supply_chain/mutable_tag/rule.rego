package bulkhead.supply_chain.mutable_tag

# No tag or a mutable one, behind the last '/': before that, ':' ends the host of a registry (host:5000/name).
moves := `^([^@]*/)?[^/:@]+(:((?i:latest|main|master|dev|staging|prod|stable))?)?(@.*)?$`

deny contains {"message": message, "at": array.concat(container.at, ["image"])} if {
	some container in input.views.containers
	image := container.spec.image
	is_string(image)
	regex.match(moves, image)
	not is_pinned(image)
	message := sprintf("image '%s' of container '%s' %s; name a version or a digest", [image, container.name, fault(tag(image))])
}

# A digest of any algorithm; a tag beside it does not count.
is_pinned(image) if regex.match(`@[A-Za-z][A-Za-z0-9]*([+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$`, image)

tag(image) := trim_prefix(regex.find_n(`(:[^:/]*)?$`, split(image, "@")[0], 1)[0], ":")

fault("") := "has no tag, so it is latest"

fault(tag) := sprintf("has the tag '%s', which moves", [tag]) if tag != ""
