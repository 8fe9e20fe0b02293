package bulkhead.backup.vault_redundancy

import data.bulkhead.lib.tiers

properties := object.get(input.resource.attributes, "properties", {})

deny contains {"message": message, "at": at} if {
	tiers.tier.crossRegion == true
	some {"value": value, "at": at} in redundancies
	lower(value) != "georedundant"
	message := sprintf("backups are stored %s; tier %s requires GeoRedundant", [value, tiers.tier.name])
}

deny contains {"message": message, "at": restore_at} if {
	tiers.tier.crossRegion == true
	lower(restore) != "enabled"
	message := sprintf("restoring in the other region is %s; tier %s requires it Enabled", [restore, tiers.tier.name])
}

deny contains {"message": tiers.unknown, "at": ["tags"], "verdict": "unknown"}

is_recovery_vault if input.resource.type == "Microsoft.RecoveryServices/vaults"

redundancies := [{"value": value, "at": ["properties", "redundancySettings", "standardTierStorageRedundancy"]} |
	value := object.get(properties, ["redundancySettings", "standardTierStorageRedundancy"], "nobody knows how")
] if is_recovery_vault

else := [{"value": setting.type, "at": ["properties", "storageSettings"]} | some setting in properties.storageSettings]

restore := object.get(properties, ["redundancySettings", "crossRegionRestore"], "Disabled") if is_recovery_vault

else := object.get(properties, ["featureSettings", "crossRegionRestoreSettings", "state"], "Disabled")

restore_at := ["properties", "redundancySettings", "crossRegionRestore"] if is_recovery_vault

else := ["properties", "featureSettings", "crossRegionRestoreSettings", "state"]
