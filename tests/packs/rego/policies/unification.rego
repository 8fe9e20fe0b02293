# case: both_ways
p := x if {
	[x, 2] = [1, y]
	y == 2
}

# case: object
p := [name, space] if {name_space := input.metadata; {"name": name, "namespace": space, "labels": _} = name_space}

# case: object_with_missing_key
p if {"name": _} = input.metadata

# case: different_lengths
p if [1, x] = [1, 2, 3]

# case: nested
p := [a, b] if [[a, _], [_, b]] = input.matrix

# case: constant
p if "web" = input.metadata.name

# case: chain
p := z if {
	x = y
	y = z
	z = 5
}

# case: iterates
p contains x if [x, _] = input.matrix[_]

# case: same_variable_twice
p contains x if [x, x] = [[1, 1], [1, 2], [3, 3]][_]

# case: assign_array
p := y if [_, y] := [1, 2]

# case: assign_object
p := n if {"name": n, "age": 30} := input.people[0]

# case: assign_wrong_length
p := y if [_, y] := [1, 2, 3]

# case: equality_of_undefined
p if input.nowhere == input.elsewhere

# case: inequality_of_undefined
p if input.nowhere != 1

# case: number_equality
p := [1 == 1.0, 10 == 1e1, 0.1 + 0.2 == 0.3]

# case: equality_of_sets
p := {1, 2, 3} == {3, 2, 1}

# case: equality_of_types
p := ["1" == 1, null == false, [] == {}, set() == []]

# case: compare_numbers
p := [1 < 2, 2 <= 2, 3 > 4, -1 < 0]

# case: compare_strings
p := ["a" < "b", "B" < "a", "aa" < "b", "ä" > "z"]

# case: compare_types
p := [null < false, false < true, true < 1, 1 < "a", "a" < [], [] < {"a": 1}]

# case: compare_object_and_set
p := {"a": 1} < {1}

# case: compare_arrays
p := [[1, 2] < [1, 3], [1] < [1, 0], [2] < [1, 5]]

# case: negative_index
p := input.words[-1]

# case: index_out_of_range
p := input.words[9]

# case: fraction_as_index
p := input.words[1.0]

# case: string_as_index
p := input.words["0"]

# case: reference_into_number
p := input.n.deeper

# case: reference_into_null
p := input.empty.null.deeper

# case: reference_variable_over_object
p contains k if input.metadata.labels[k] == "red"

# case: reference_through_variable
p := input[k] if k := "kind"

# case: reference_into_set
p := {1, 2}[1]

# case: reference_into_literal
p := {"a": {"b": 7}}.a.b

# case: not_defined
p if not input.nowhere

# case: not_false
p if not input.flags.off

# case: not_true
p if not input.flags.on

# case: not_with_comparison
p if not input.n == 4

# case: not_on_conversion_error
p if not to_number("abc") == 3

# case: not_on_division_by_zero
p if not 1 / 0 == 1

# case: double_negation
q if not input.nowhere

p if not q

# case: negation_in_comprehension
p := [c.name | some c in input.spec.template.spec.containers; not c.resources]

# case: safe_reordering
p := y if {
	y == x + 1
	x := 2
}

# case: reordering_of_negation
p if {
	not x == 3
	x := 2
}

# case: negated_call_of_undefined
p if not startswith(input.nowhere, "x")

# case: negated_function_of_undefined
f(x) := x == 1

p if not f(input.nowhere)

# case: negated_comparison_of_undefined
p if not input.nowhere > 1

# case: negated_equality_of_undefined
p if not input.nowhere == 1

# case: negated_count_of_undefined
p if not count(input.nowhere) > 0

# case: negated_call_in_rule
q := input.nowhere

p if not startswith(q, "x")
