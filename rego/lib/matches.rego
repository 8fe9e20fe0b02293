# What the match of a Traefik route lets through.
# https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
package bulkhead.lib.matches

# Hosts that a match names in Host, HostSNI or, in Traefik 2, HostHeader. Traefik reads matcher names without case.
hosts(match) := [trim(quoted, "\u0060\"") |
	matcher := regex.find_n(`(?i)\bhost(header|sni)?\(\s*("[^"]*"|\x60[^\x60]*\x60|[^()"\x60])*\)`, match, -1)[_]
	quoted := regex.find_n(`"[^"]*"|\x60[^\x60]*\x60`, matcher, -1)[_]
]

# Whether all a match lets through is for hosts that it names: with every named host false and all else true, the
# match must be false. Parentheses may be nested five deep.
is_bound_to_hosts(match) if {
	bare := regex.replace(match, `"[^"]*"|\x60[^\x60]*\x60|\s`, "")
	named := regex.replace(bare, `(?i)\bhost(header|sni)?\([^()]*\)`, "0")
	formula := regex.replace(named, `(?i)[a-z]+\([^()]*\)`, "1")
	regex.match(`^0(\|\|0)*$`, reduced(reduced(reduced(reduced(reduced(formula))))))
}

# The formula with its innermost terms replaced by their values. A negation counts as true: something always fits it.
reduced(formula) := alternatives if {
	negations := regex.replace(formula, `![01]`, "1")
	conjunctions := regex.replace(negations, `([01]&&)*0(&&[01])+|([01]&&)+0`, "0")
	tautologies := regex.replace(conjunctions, `1(&&1)+`, "1")
	never := regex.replace(tautologies, `\((0\|\|)*0\)`, "0")
	alternatives := regex.replace(never, `\([01](\|\|[01])*\)`, "1")
}
