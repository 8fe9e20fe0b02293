package bulkhead.governance.terraform_state

backend := object.get(input.resource.attributes, "backend", {})

type := "cloud" if input.resource.attributes.cloud

else := object.get(backend, "type", "local")

secrets := ["access_key", "client_secret", "sas_token"]

deny contains {"message": message, "at": ["backend"]} if {
	not type in {"azurerm", "remote", "cloud", "s3", "gcs"}
	not is_tolerated
	message := sprintf("the state is stored by backend '%s'; it must be remote, locked and encrypted", [type])
}

deny contains {"message": message, "at": ["backend"]} if {
	type == "azurerm"
	not signs_in
	message := "the backend opens its storage with an account key; use_azuread_auth or use_oidc is expected"
}

deny contains {"message": message, "at": ["backend", setting]} if {
	type == "azurerm"
	some setting in secrets
	backend[setting]
	message := sprintf("the backend states its %s; sign in with Microsoft Entra ID instead", [setting])
}

signs_in if {
	some setting in ["use_azuread_auth", "use_oidc"]
	backend[setting] in {true, "true"}
}

# A local state of an environment that is known not to be production.
is_tolerated if {
	type == "local"
	not input.resource.environment_class in {"production", null}
}
