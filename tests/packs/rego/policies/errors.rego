# case: type_error_in_condition
p if upper(input.n) == "3"

# case: error_in_one_of_several
p contains to_number(x) if some x in ["1", "b"]

# case: error_in_deny
p contains msg if {
	some c in input.spec.template.spec.containers
	msg := concat(" ", [c.name, c.ports])
}

# case: error_behind_false
p if {
	input.n == 4
	to_number("x") == 1
}

# case: error_in_function_argument
f(x) := x

p := f(to_number("x"))

# case: error_in_default_rule
default p := "default"

p := to_number("x")

# case: error_in_else
p := 1 if {
	to_number("x") == 1
} else := 2

# case: error_in_comprehension
p := [to_number(x) | some x in ["1", "x"]]

# case: error_in_every
p if {
	every x in ["1", "x"] { to_number(x) > 0 }
}

# case: constant_type_error
p := 1 + "a"

# case: call_type_error
p := count(5)

# case: non_function_called
q := 1

p := q(2)

# case: undefined_operand
p := input.nowhere + 1

# case: undefined_in_array
p := [1, input.nowhere]

# case: undefined_in_object
p := {"a": input.nowhere}

# case: undefined_in_set
p := {1, input.nowhere}

# case: undefined_in_call
p := count(input.nowhere)

# case: undefined_compared
p if input.nowhere == 1

# case: undefined_key
p := {"a": 1}[input.nowhere]

# case: print_of_undefined
p if {
	print("value:", input.nowhere)
	input.n == 3
}

# case: trace
p if trace("x")

# case: json_path_of_string
p := input.kind.x

# case: duplicate_rule_kinds
p := 1

p contains 2

# case: missing_brace
p if { input.n == 3

# case: v0_body
p { input.n == 3 }

# case: v0_partial_set
p["x"] { input.n == 3 }

# case: network
p := http.send({"method": "get", "url": "http://127.0.0.1:1/"})

# case: environment
p := opa.runtime()
