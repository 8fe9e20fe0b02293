# case: input
q := input.n

p := q with input as {"n": 9}

# case: input_path
q := [input.n, input.kind]

p := q with input.n as 9

# case: new_input_path
q := input.fresh.value

p := q with input.fresh.value as 1

# case: data
q := data.limits.max

p := q with data.limits.max as 10

# case: several
q := [input.n, data.limits.max]

p := q with input.n as 1 with data.limits.max as 2

# case: function
f(x) := x

g(x) := x * 100

p := f(1) with f as g

# case: built_in
fake(_) := "FAKE"

p := upper("a") with upper as fake

# case: built_in_by_value
p := count([1, 2]) with count as 7

# case: on_not
q if input.n == 3

p if not q with input.n as 4

# case: rule
allowed := ["a"]

p := allowed with data.probes.with_modifier.rule.allowed as ["b"]

# case: does_not_leak
q := input.n

p := [a, b] if {
	a := q with input.n as 1
	b := q
}

# case: in_comprehension
q := input.n

p := [x | some i in [1, 2]; x := q with input.n as i]

# case: undefined_value
q := input.n

p := q with input.n as input.nowhere

# case: on_every
q := input.n

p if {
	every x in [1, 2] { q > x }
}
