package bulkhead.network.network_policy_engine

profile := object.get(input.resource.attributes, ["properties", "networkProfile"], {})

deny contains {"message": message, "at": ["properties", "networkProfile", "networkPolicy"]} if {
	not has_engine
	found := object.get(profile, "networkPolicy", "not set")
	message := sprintf("no network policy engine is configured (networkPolicy %v); azure, calico or cilium is expected", [found])
}

has_engine if lower(profile.networkPolicy) in {"azure", "calico", "cilium"}

has_engine if lower(profile.networkDataplane) == "cilium"
