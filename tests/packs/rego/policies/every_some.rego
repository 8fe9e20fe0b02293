# case: every_true
p if {
	every c in input.spec.template.spec.containers { c.name != "" }
}

# case: every_false
p if {
	every c in input.spec.template.spec.containers { c.securityContext.privileged }
}

# case: every_over_empty
p if {
	every x in input.empty.array { x == 1 }
}

# case: every_over_undefined
p if {
	every x in input.nowhere { x == 1 }
}

# case: every_key_value
p if {
	every k, v in input.metadata.labels {
		is_string(k)
		count(v) == 3
	}
}

# case: every_over_set
p if {
	every x in {1, 2, 3} { x > 0 }
}

# case: every_uses_outer_variable
p contains limit if {
	some limit in [1, 5]
	every x in [2, 3] { x < limit }
}

# case: not_every
p if {
	not all_named
}

all_named if {
	every c in input.spec.template.spec.containers { c.name == "main" }
}

# case: every_nested
p if {
	every row in input.matrix {
		every cell in row { cell > 0 }
	}
}

# case: every_over_string
p if {
	every x in "abc" { x == 1 }
}

# case: some_in_array
p contains x if { some x in input.words }

# case: some_in_object_values
p contains v if { some v in input.metadata.labels }

# case: some_key_in_object
p contains k if { some k, _ in input.metadata.labels }

# case: some_in_set
p contains x if { some x in {3, 1, 2} }

# case: some_declared
p contains i if {
	some i
	input.words[i] == "gamma"
}

# case: some_two_declared
p contains [i, j] if {
	some i, j
	input.matrix[i][j] > 2
}

# case: some_pattern
p contains name if { some {"name": name, "age": 25} in input.people }

# case: some_array_pattern
p contains second if { some [_, second] in input.matrix }

# case: some_pattern_with_constant
p contains x if { some [1, x] in input.matrix }

# case: in_as_condition
p if "alpha" in input.words

# case: in_as_value
p := ["alpha" in input.words, "delta" in input.words]

# case: in_object_value
p := "web" in input.metadata.labels

# case: key_value_in
p := "app", "web" in input.metadata.labels

# case: not_in
p if not "delta" in input.words

# case: in_undefined
p if "x" in input.nowhere

# case: not_in_undefined
p if not "x" in input.nowhere

# case: in_string
p := "a" in "abc"

# case: in_precedence
p if count([x | some x in input.words; x in {"alpha"}]) == 2

# case: some_in_undefined
p contains x if { some x in input.nowhere }

# case: some_unused
p if {
	some i, j
	input.words[i] == "beta"
}
