package bulkhead.tenant_isolation.privilege_escalation

# Windows pods cannot set the Linux fields.
deny contains {"message": message, "at": at} if {
	not input.views.pod.spec.os.name == "windows"
	some container in input.views.containers
	not container.spec.securityContext.allowPrivilegeEscalation == false
	message := sprintf("allowPrivilegeEscalation of container '%s' is %s; it must be false", [container.name, setting(container)])
	at := array.concat(container.at, ["securityContext", "allowPrivilegeEscalation"])
}

setting(container) := "true" if container.spec.securityContext.allowPrivilegeEscalation == true

else := "not set"
