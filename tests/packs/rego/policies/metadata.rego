# case: rule
# METADATA
# title: A rule
# description: Says something
# custom:
#   severity: high
#   list: [1, two]
p := rego.metadata.rule()

# case: rule_without
p := rego.metadata.rule()

# case: rule_in_body
# METADATA
# title: Message
# authors:
# - Ann Example <ann@host.example>
# - name: Bob
# related_resources:
# - https://host.example/page
# - ref: https://host.example/other
#   description: Other
# organizations:
# - One
p contains msg if {
	annotation := rego.metadata.rule()
	msg := sprintf("%s: %s", [annotation.title, annotation.authors[0].email])
}

# case: other_rule
# METADATA
# title: Not of p
q := 1

p := rego.metadata.rule()

# case: document_scope
# METADATA
# scope: document
# title: Document
p := rego.metadata.rule()

# case: chain
# METADATA
# title: Rule
p := [link | some link in rego.metadata.chain()]

# case: chain_document
# METADATA
# scope: document
# title: Document
p := 1 if false

# METADATA
# title: Rule
p := rego.metadata.chain()

# case: between_rules
a := 1

# METADATA
# title: For p
p := x if {
	x := rego.metadata.rule().title
}

# case: entrypoint
# METADATA
# title: Entry
# entrypoint: true
p := rego.metadata.chain()
