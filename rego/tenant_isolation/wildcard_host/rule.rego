package bulkhead.tenant_isolation.wildcard_host

import data.bulkhead.lib.matches
import data.bulkhead.lib.pods

spec := input.resource.attributes.spec

deny contains {"message": message, "at": ["spec", "defaultBackend"]} if {
	input.resource.kind == "Ingress"
	is_object(spec.defaultBackend)
	message := "defaultBackend takes the requests for every host that no rule names; serve named hosts only"
}

deny contains {"message": message, "at": ["spec", "rules", i, "host"]} if {
	input.resource.kind == "Ingress"
	rule := spec.rules[i]
	is_object(rule)
	message := fault(object.get(rule, "host", null))
}

deny contains {"message": message, "at": ["spec", "hostnames", i]} if {
	input.resource.kind == "HTTPRoute"
	hostname := spec.hostnames[i]
	is_string(hostname)
	message := fault(hostname)
}

deny contains {"message": message, "at": ["spec", "hostnames"]} if {
	input.resource.kind == "HTTPRoute"
	not spec.hostnames[0]
	not is_for_mesh
	message := "hostnames is empty, so the route takes every host of its Gateway; name each host"
}

deny contains {"message": message, "at": ["spec", "routes", i, "match"]} if {
	input.resource.kind in {"IngressRoute", "IngressRouteTCP"}
	route := spec.routes[i]
	is_object(route)
	message := match_fault(text(route))
}

# Gateway API ignores the host names of a route between services.
is_for_mesh if {
	spec.parentRefs[0]
	every parent in spec.parentRefs { parent.kind == "Service" }
}

fault(host) := "a rule has no host, so it takes the requests for every host; name the host" if host in {"", null}

fault(host) := sprintf("host '%s' is a wildcard; name each host", [host]) if {
	is_string(host)
	contains(host, "*")
}

text(route) := route.match if is_string(route.match)

else := ""

match_fault(match) := sprintf("match names the wildcard %s; name each host", [pods.quoted(wildcards)]) if {
	wildcards := {host | host := matches.hosts(match)[_]; contains(host, "*"); has_host_names}
	count(wildcards) > 0
} else := sprintf("match '%s' takes requests for hosts that it does not name; give each alternative a %s", [
	trim_space(regex.replace(match, `\s+`, " ")),
	{"IngressRoute": "Host()", "IngressRouteTCP": "HostSNI()"}[input.resource.kind],
]) if {
	not matches.is_bound_to_hosts(match)
}

# Without TLS a TCP connection says no host: HostSNI(`*`) is then all that Traefik accepts.
has_host_names if input.resource.kind == "IngressRoute"

has_host_names if is_object(spec.tls)
