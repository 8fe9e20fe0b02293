package bulkhead.backup.storage_redundancy

import data.bulkhead.lib.tiers

sku := object.get(input.resource.attributes, ["sku", "name"], "not set")

replication := split(lower(sku), "_")[1]

deny contains {"message": message, "at": ["sku", "name"]} if {
	tiers.tier.geoRedundantStorage == true
	not is_geo_redundant
	message := sprintf("data is stored as %s; tier %s requires geo-redundant storage", [sku, tiers.tier.name])
}

deny contains {"message": message, "at": ["sku", "name"]} if {
	is_without_demands
	input.resource.environment_class == "production"
	replication == "lrs"
	message := sprintf("data is stored as %s; production requires at least zone-redundant storage", [sku])
}

deny contains {"message": tiers.unknown, "at": ["tags"], "verdict": "unknown"}

is_without_demands if tiers.tier.geoRedundantStorage == false

is_without_demands if tiers.is_untiered

is_geo_redundant if replication in {"grs", "ragrs", "gzrs", "ragzrs"}
