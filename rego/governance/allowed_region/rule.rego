package bulkhead.governance.allowed_region

location := input.resource.attributes.location

deny contains {"message": message, "at": ["location"]} if {
	not is_global
	not location in allowed
	message := sprintf("location is %s; allowed are %s", [location, concat(", ", sort(allowed))])
}

deny contains {"message": "it has no location of its own", "at": [], "verdict": "skip"} if not location

deny contains {"message": "the estate lists its type as global", "at": [], "verdict": "skip"} if is_global

# A tenant's own regions, else those of all residency zones.
allowed := {region | some region in data.estate.tenants[input.resource.tenant].allowedRegions} if input.resource.tenant

else := {region | some zone in data.estate.regions.residencyZones; some region in zone}

is_global if {
	some type in data.estate.regions.globalTypes
	lower(type) == lower(input.resource.type)
}
