# What the service tier of an Azure resource demands, as the estate says.
package bulkhead.lib.tiers

# The tier with the overrides of its tenant's environment, or as it is where an environment is not known.
tier := input.estate.tier if input.estate.tier

else := data.estate.tiers[input.resource.tier]

# Whether the resource says, in words of the estate, that no tier makes demands on it: service-tier "platform".
is_untiered if {
	not tier
	some name, value in input.resource.labels
	lower(name) == "service-tier"
	some word in data.estate.tags.allowed["service-tier"].extra
	lower(word) == lower(value)
}

# Why it is not known what is demanded.
unknown := sprintf("the tier is not known: %s", [input.resource.reason]) if {
	not tier
	not is_untiered
	input.resource.standing != "platform"
}

else := sprintf("the tier is not known: %s, and tag service-tier names no declared one", [input.resource.reason]) if {
	not tier
	not is_untiered
}
