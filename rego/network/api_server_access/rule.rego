package bulkhead.network.api_server_access

profile := object.get(input.resource.attributes, ["properties", "apiServerAccessProfile"], {})

ranges := object.get(profile, "authorizedIPRanges", [])

deny contains {"message": message, "at": ["properties", "apiServerAccessProfile", "enablePrivateCluster"]} if {
	not profile.enablePrivateCluster == true
	input.resource.environment_class == "production"
	message := "the API server is public; clusters of production must be private"
}

deny contains {"message": message, "at": ["properties", "apiServerAccessProfile", "enablePrivateCluster"]} if {
	not profile.enablePrivateCluster == true
	not is_production
	count(ranges) == 0
	message := "the API server is public to everyone; a private cluster or authorized IP ranges are expected"
}

deny contains {"message": message, "at": ["properties", "apiServerAccessProfile", "authorizedIPRanges"]} if {
	not profile.enablePrivateCluster == true
	not is_production
	some range in ranges
	regex.match(`/0$`, range)
	message := sprintf("authorized IP range %s is the whole Internet; name the ranges that need the API server", [range])
}

is_production if input.resource.environment_class == "production"
