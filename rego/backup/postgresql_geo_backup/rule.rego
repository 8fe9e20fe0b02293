package bulkhead.backup.postgresql_geo_backup

import data.bulkhead.lib.tiers

properties := object.get(input.resource.attributes, "properties", {})

deny contains {"message": message, "at": ["properties", "backup", "geoRedundantBackup"]} if {
	tiers.tier.geoRedundantBackup == true
	not is_replica
	not is_enabled
	found := object.get(properties, ["backup", "geoRedundantBackup"], "not set")
	message := sprintf("geoRedundantBackup is %v; tier %s requires Enabled", [found, tiers.tier.name])
}

deny contains {"message": tiers.unknown, "at": ["tags"], "verdict": "unknown"} if not is_replica

is_enabled if lower(properties.backup.geoRedundantBackup) == "enabled"

is_replica if lower(properties.createMode) == "replica"
