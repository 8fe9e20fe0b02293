package bulkhead.backup.vault_protection

import data.bulkhead.lib.tiers

security := object.get(input.resource.attributes, ["properties", "securitySettings"], {})

immutability := object.get(security, ["immutabilitySettings", "state"], "Disabled")

deny contains {"message": message, "at": ["properties", "securitySettings", "softDeleteSettings", field]} if {
	some field in ["softDeleteState", "state"]
	found := security.softDeleteSettings[field]
	not lower(found) in {"enabled", "on", "alwayson"}
	message := sprintf("soft delete is %s; it must be on", [found])
}

deny contains {"message": message, "at": ["properties", "securitySettings", "immutabilitySettings", "state"]} if {
	not lower(immutability) in accepted
	message := sprintf("immutability is %s; tier %s requires %s", [immutability, tiers.tier.name, concat(" or ", sort(accepted))])
}

deny contains {"message": tiers.unknown, "at": ["tags"], "verdict": "unknown"}

accepted := {"locked"} if tiers.tier.immutableLocked == true

else := {"locked", "unlocked"} if tiers.tier.immutable == true
