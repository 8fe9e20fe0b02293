package bulkhead.backup.postgresql_retention

import data.bulkhead.lib.tiers

days := object.get(input.resource.attributes, ["properties", "backup", "backupRetentionDays"], 7)

deny contains {"message": message, "at": ["properties", "backup", "backupRetentionDays"]} if {
	required := tiers.tier.pitrRetentionDays
	days < required
	message := sprintf("backupRetentionDays is %v; tier %s requires %d", [days, tiers.tier.name, required])
}

deny contains {"message": tiers.unknown, "at": ["tags"], "verdict": "unknown"}
