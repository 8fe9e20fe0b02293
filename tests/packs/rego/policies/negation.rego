# Operands of a negation: input.nowhere and input.nope are undefined.

# case: in_undefined
p if not "x" in input.nowhere

# case: call_undefined
p if not startswith(input.nowhere, "x")

# case: count_undefined
p if not count(input.nowhere) > 1

# case: function_undefined
f(x) if x == 1
p if not f(input.nowhere)

# case: member_undefined
p if { x := input.single; not x.a in ["b"] }

# case: member_of_undefined
p if { x := input.single; not "b" in x.a }

# case: iterated_member
p contains x if { some x in input.hosts; not x.a in {"b"} }

# case: member_of_constant
p if { not input.nowhere in ["b"] }

# case: index_undefined
p if { not "b" in input.hosts[0].nowhere }

# case: rule_undefined
q := input.nope
p if not startswith(q, "x")

# case: key_undefined
p if not input.single[input.nowhere]

# case: key_undefined_compared
p if not input.single[input.nowhere] == 2

# case: key_compared
p if not input.single[input.key] == 2

# case: key_alone
p if not input.single[input.key]

# case: object_undefined
p if not input.nope[input.key] == 2

# case: count_compared
p if not count(input.hosts) == 2

# case: count_of_undefined_compared
p if not count(input.nope) == 2

# case: count_compared_undefined
p if not count(input.nope) == input.nope

# case: else_chain
p := 1 if not input.nowhere != 1
else := 2 if not input.single != 1
else := 3

# case: comprehension
p := [x | some x in input.hosts; not startswith(x.a, "b")]

# case: nested
p := [x | some x in input.hosts; not count([y | some y in input.hosts; not startswith(y.a, x.z)]) > 1]

# case: lines
p contains x if {
	some x in input.hosts
	not startswith(
		x.a, # a comment
		"b",
	)
}

# case: lines_two
p contains x if {
	some x in input.hosts
	not startswith(
		x.a,
		"b",
	)
	not endswith(x.a, "c")
}

# case: sum_undefined
p if { not input.n + input.nope == 3 }

# case: sum
p if { not input.n + 1 == 3 }

# case: comparisons
p if { not input.n > 3; not input.n < 1 }

# case: local_object
p if { x := 3; not x > 3; y := {"a": 1}; not y.b > 3 }

# case: function_of_object
p if not f({"a": input.nope})
f(x) := x.a == 1

# case: pattern
p if not regex.match("a", input.nope)

# case: text
p if { not sprintf("%s", [input.nope]) == "a" }

# case: deep
p if { not input.nope.a.b }

# case: set_compared
p if { not {1} == {input.nope} }

# case: array_compared
p if { not [1, input.nope] == [1, 2] }

# case: nothing
p if { not input.single.z }

# case: data_compared
p if { not data.nothing.k == 1 }

# case: in_every
p if { every x in input.hosts { not startswith(x.a, "b") } }

# case: declared_index
p if { some i; input.hosts[i].z == 1; not startswith(input.hosts[i].a, "b") }

# case: own_index
p if { not startswith(input.hosts[i].a, "b") }

# case: own_wildcard
p if { not startswith(input.hosts[_].a, "b") }

# case: parentheses
p if { not (input.nope > 1) }

# case: function
p if not any_of(input.single) 
any_of(x) if x.z > 5

# case: type_check
p if { not is_string(input.nope) }

# case: null_check
p if { not is_null(input.nope) }

# case: in_constant
p if { not input.hosts[0].z in [1,2] }

# case: in_object
p if { not 1 in input.hosts[0] }

# case: key_value_in
p if { not "z", 1 in input.hosts[0] }

# case: key_value_in_undefined
p if { not "z", 1 in input.nope }

# case: default_value
p if { not object.get(input, "nope", "x") == "y" }

# case: template
p if { not startswith($"{input.nope}", "x") }

# case: local_reference
p if { x := input.hosts[_]; not x.a; not x.z > 1 }

# case: deny
p contains msg if {
	some c in input.hosts
	not c.image in data.allowed
	msg := sprintf("%v", [c])
}

# case: walked
p if not walk(input.single, [["z"], 1])

# case: in_range
p if { not input.n in numbers.range(1, input.nope) }

# case: minus
p if { not -input.n == 3 }

# case: minus_undefined
p if { not -input.nope == 3 }

# case: keyword
p if { not input.if.x == 3 }

# case: keyword_call
p if { not startswith(input.if.x, "a") }
