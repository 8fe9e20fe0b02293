# case: simple
f(x) := x + 1

p := f(input.n)

# case: two_definitions
kind(x) := "number" if is_number(x)

kind(x) := "string" if is_string(x)

p := [kind(1), kind("a")]

# case: undefined_result
f(x) := x if x > 10

p := f(1)

# case: conflict
f(x) := 1 if x > 0

f(x) := 2 if x > 1

p := f(5)

# case: pattern_argument
f("a") := 1

f("b") := 2

p := [f("a"), f("b")]

# case: array_pattern
f([x, y]) := x + y

p := f([1, 2])

# case: array_pattern_no_match
f([x, y]) := x + y

p := f([1, 2, 3])

# case: object_pattern
f({"a": x}) := x

p := f({"a": 5})

# case: ignored_argument
f(_, y) := y

p := f(1, 2)

# case: no_argument_value
f(_)

p := f(1)

# case: else_in_function
size(x) := "big" if {
	x > 100
} else := "small"

p := [size(1), size(1000)]

# case: called_in_comprehension
f(x) := x * x

p := [f(x) | some x in [1, 2, 3]]

# case: called_with_undefined
f(x) := "called"

p := f(input.nowhere)

# case: result_as_argument
f(x) := x + 1

p if {
	f(1, y)
	y == 2
}

# case: built_in_result_as_argument
p := y if upper("a", y)

# case: added_built_in_result_as_argument
p := y if crypto.md5("a", y)

# case: added_built_in_result_compared
p if net.cidr_intersects("10.0.0.0/8", "10.1.0.0/16", true)

# case: dotted_name
lib.double(x) := x * 2

p := lib.double(4)

# case: function_from_data_path
f(x) := x

p := data.probes.functions.function_from_data_path.f(7)

# case: negated_call
is_big(x) if x > 10

p if not is_big(input.n)

# case: set_returning
f(x) := {y | some y in x; y > 1}

p := f([1, 2, 3])

# case: multiple_results_of_argument
f(x) := x + 1

p contains f(input.matrix[_][_])

# case: recursive
f(x) := 1 if x == 0

f(x) := f(x - 1) if x > 0

p := f(3)

# case: walk_assign
p contains value if {
	[path, value] := walk(input.spec)
	path[count(path) - 1] == "name"
}

# case: walk_unify
p contains value if {
	[path, value] = walk(input.spec.template)
	path[count(path) - 1] == "path"
}

# case: walk_argument
p contains path if walk(input.metadata, [path, "web"])

# case: walk_some
p contains x if {
	some x in [v | walk(input.matrix, [_, v]); is_number(v)]
}

# case: walk_indexed
p contains x if {
	x := walk(input.matrix)[1]
	is_number(x)
}

# case: walk_partial_path
p contains v if walk(input.spec, [[_, _, "containers", i, "image"], v])

# case: walk_set
p contains v if {
	[_, v] := walk({"a", ["b"]})
	is_string(v)
}

# case: walk_scalar
p := [v | [_, v] := walk(5)]

# case: keyword_in_function_name
lib.contains(x) := x

p := lib.contains(4)

# case: object_pattern_argument
f({"name": n}) := n

p := f(input.people[0])
