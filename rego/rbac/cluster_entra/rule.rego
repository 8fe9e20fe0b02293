package bulkhead.rbac.cluster_entra

profile := object.get(input.resource.attributes, ["properties", "aadProfile"], {})

deny contains {"message": message, "at": ["properties", "aadProfile", setting]} if {
	some setting in ["managed", "enableAzureRBAC"]
	not profile[setting] == true
	message := sprintf("aadProfile.%s is not true; it must be", [setting])
}

deny contains {"message": message, "at": ["properties", "aadProfile", "adminGroupObjectIDs"]} if {
	declared := {lower(group.objectId) | some group in data.estate.identities.platform.clusterAdmins}
	undeclared := [group | some group in profile.adminGroupObjectIDs; is_string(group); not lower(group) in declared]
	count(undeclared) > 0
	listed := concat(", ", sort(undeclared))
	message := sprintf("administrator group %s is not declared as one; declare it in the estate or remove it", [listed])
}
