# What the service tier of an Azure resource demands, as the estate says.
package bulkhead.lib.tiers

# The tier with the overrides of its tenant's environment, or as it is where an environment is not known.
tier := input.estate.tier if input.estate.tier

else := data.estate.tiers[input.resource.tier]

# Why there is none.
unknown := sprintf("the tier is not known: %s", [input.resource.reason]) if {
	not tier
	not input.resource.tier
	input.resource.standing != "platform"
}

else := sprintf("the tier is not known: %s, and tag service-tier names no declared one", [input.resource.reason]) if not tier
