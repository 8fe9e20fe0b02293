# case: complete
p := 1

# case: complete_same_value_twice
p := 1 if true

p := 1 if input.n == 3

# case: complete_conflict
p := 1 if true

p := 2 if input.n == 3

# case: one_of_two_applies
p := "many" if input.n > 2

p := "few" if input.n <= 2

# case: undefined
p := 1 if input.n == 4

# case: no_value_is_true
p if input.n == 3

# case: default_used
default p := "none"

p := "some" if input.n == 4

# case: default_not_used
default p := "none"

p := "some" if input.n == 3

# case: default_false
default p := false

p if input.nowhere

# case: default_object
default p := {"a": [1]}

# case: else_chain
p := "one" if {
	input.n == 1
} else := "two" if {
	input.n == 2
} else := "three" if {
	input.n == 3
} else := "other"

# case: else_without_value
p := "x" if {
	input.n == 1
} else if {
	input.n == 3
}

# case: else_not_reached
p := "x" if {
	input.n == 1
} else := "y" if {
	input.n == 2
}

# case: else_hides_later_conflict
p := 1 if {
	input.n == 3
} else := 2

# case: partial_set
p contains "a"

p contains "b" if input.n == 3

p contains "c" if input.n == 4

# case: partial_set_empty
p contains "c" if input.n == 4

# case: partial_object
p[k] := v if some k, v in input.metadata.labels

# case: partial_object_conflict
p["k"] := 1

p["k"] := 2

# case: partial_object_same
p["k"] := 1

p["k"] := 1 if input.n == 3

# case: partial_object_static_paths
p.a.b := 1

p.a.c := 2

# case: partial_object_mixed
p.static := 0

p[k] := v if some k, v in {"x": 1}

# case: ref_head_variable
p[i].name := person.name if some i, person in input.people

# case: ref_head_set
p.first contains 1

p.first contains 2

p.second contains 3

# case: ref_head_with_variable_set
p[kind] contains name if {
	some person in [{"kind": "a", "name": "x"}, {"kind": "a", "name": "y"}, {"kind": "b", "name": "z"}]
	kind := person.kind
	name := person.name
}

# case: bracket_true
p["x"] if input.n == 3

# case: deny_messages
p contains msg if {
	some c in input.spec.template.spec.containers
	c.securityContext.privileged
	msg := sprintf("container %q is privileged", [c.name])
}

# case: deny_objects
p contains {"message": msg, "at": ["spec", "replicas"]} if {
	input.spec.replicas < 3
	msg := sprintf("replicas is %d; at least 3 are required", [input.spec.replicas])
}

# case: rule_uses_rule
names contains c.name if some c in input.spec.template.spec.containers

p := sort([n | some n in names])

# case: rule_member_test
names contains c.name if some c in input.spec.template.spec.containers

p := [names.main, names.side] if names.main

# case: rule_missing_member
names contains c.name if some c in input.spec.template.spec.containers

p if names.other

# case: whole_package
a := 1

b contains 2

p := data.probes.rules.whole_package_other

# case: if_one_line_several
p if { input.n == 3; input.zero == 0 }

# case: false_value
p := false

# case: false_value_in_body
q := false

p if q

# case: null_in_body
q := null

p if q

# case: zero_in_body
p if input.zero

# case: empty_string_in_body
p if input.empty.string

# case: empty_array_in_body
p if input.empty.array

# case: null_from_input_in_body
p if input.empty.null

# case: recursion
p if q

q if p

# case: default_function
default f(_) := "other"

f(x) := "small" if x < 10

p := [f(1), f(100)]

# case: keyword_reference
p := input.if.in

# case: keyword_reference_in_brackets
p := input["if"]["in"]

# case: unknown_function
p := nothing_of_that_name(1)

# case: unknown_function_in_dead_branch
p := 1

q := nothing_of_that_name(1) if false

# case: unsafe_variable
p := x

# case: unsafe_under_not
p if not input.words[i] == "x"

# case: wrong_arity
p := upper("a", "b", "c")

# case: shadowed_input
p := input if { input := 1 }

# case: assign_twice
p if { x := 1; x := 2 }

# case: rule_named_like_a_built_in
count := 3

p := count

# case: comment_everywhere
p := [ # first
	1, # one
	# nothing
	2,
] # end

# case: import_rego_v1
import rego.v1

p := 1

# case: import_future_keywords
import future.keywords.if
import future.keywords.in
import future.keywords

p if 1 in [1]

# case: import_both
import rego.v1
import future.keywords.every

p if { every x in [1] { x == 1 } }

# case: import_input
import input.metadata as m

p := m.name

# case: import_unused_data
import data.nothing.here

p := 1

# case: long_line
p := "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

# case: rule_hides_built_ins_with_its_name_in_front
numbers := 3

p := numbers.range(1, 2)
