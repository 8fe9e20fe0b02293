# case: array
p := [x * 2 | some x in input.matrix[0]]

# case: set_removes_duplicates
p := {w | some w in input.words}

# case: object
p := {person.name: person.age | some person in input.people}

# case: object_from_index
p := {i: w | some i, w in input.words}

# case: nested
p := [[y * 10 | some y in row] | some row in input.matrix]

# case: with_condition
p := [c.name | some c in input.spec.template.spec.containers; c.securityContext.privileged]

# case: empty_result
p := [x | some x in input.empty.array]

# case: undefined_collection
p := [x | some x in input.nowhere]

# case: closure_over_outer_variable
p contains [n, names] if {
	some n in [1, 2]
	names := [w | some i, w in input.words; i == n]
}

# case: object_conflict
p := {person.kind: person.name | some person in [{"kind": "a", "name": 1}, {"kind": "a", "name": 2}]}

# case: object_same_value_twice
p := {person.kind: person.name | some person in [{"kind": "a", "name": 1}, {"kind": "a", "name": 1}]}

# case: two_generators
p := [[a, b] | some a in [1, 2]; some b in ["x", "y"]]

# case: generator_uses_earlier_one
p := [cell | some row in input.matrix; some cell in row]

# case: underscore_iteration
p := [w | w := input.words[_]]

# case: index_iteration
p := [i | input.words[i] == "alpha"]

# case: set_of_arrays
p := {[person.name, count(person.name)] | some person in input.people}

# case: count_of_comprehension
p := count({1 | some _ in input.words})

# case: comprehension_in_call
p := sum([person.age | some person in input.people])

# case: comprehension_as_key
p := {concat("-", [w | some w in input.words]): true}

# case: inner_shadows_outer
p := [x | x := 1; y := [x | x := 2]; y == [2]]

# case: body_error_is_no_member
p := [x | some w in ["1", "2"]; x := to_number(w)]

# case: nothing_defined_in_head
p := [person.age | some person in input.people]
