# case: array_built_ins
p := [array.concat([1], [2]), array.slice([1, 2, 3, 4], 1, 3), array.reverse([1, 2])]

# case: array_slice_bounds
p := [array.slice([1, 2], -5, 9), array.slice([1, 2], 2, 1)]

# case: array_flatten
p := array.flatten([[1], 2, [[3]]])

# case: sort_numbers
p := sort([3, 1, 2, 2])

# case: sort_mixed
p := sort([[1], "a", null, true, 2, {"k": 1}])

# case: sort_object_and_set
p := [type_name(x) | some x in sort([{"k": 1}, {1}])]

# case: sort_set
p := sort({3, 1, 2})

# case: set_order
p := [x | some x in {"b", 10, 9, "a", null, [1], false}]

# case: object_order
p := [k | some k, _ in {"b": 1, "a": 2, "C": 3}]

# case: object_get
p := [object.get(input, "kind", "?"), object.get(input, "nowhere", "?"), object.get(input, ["metadata", "name"], "?")]

# case: object_get_default_of_null
p := object.get({"a": null}, "a", "default")

# case: object_keys
p := object.keys({"b": 1, "a": 2})

# case: object_remove
p := [object.remove({"a": 1, "b": 2}, ["a"]), object.remove({"a": 1}, {"x"})]

# case: object_filter
p := object.filter({"a": 1, "b": 2, "c": 3}, ["a", "c"])

# case: object_union
p := [object.union({"a": {"x": 1}, "b": 2}, {"a": {"y": 2}, "b": 3}), object.union_n([{"a": 1}, {"b": 2}, {"a": 3}])]

# case: object_subset
p := [object.subset({"a": 1, "b": 2}, {"a": 1}), object.subset([1, 2, 3], [2, 3]), object.subset({1, 2}, {2}), object.subset([1], [])]

# case: union_and_intersection
p := [union({{1}, {2}}), intersection({{1, 2}, {2, 3}}), intersection(set())]

# case: count
p := [count([1, 2]), count({1}), count({"a": 1}), count([])]

# case: count_of_number
p := count(input.n)

# case: count_of_null
p := count(input.empty.null)

# case: type_names
p := [type_name(x) | some x in [1, "a", true, null, [], {}, set()]]

# case: is_type
p := [is_array([]), is_object({}), is_set(set()), is_boolean(false), is_null(null), is_set([])]

# case: non_string_keys
p := {1: "a", true: "b", null: "c"}

# case: collection_keys
p := {[1, 2]: "a", {"x": 1}: "b"}

# case: set_key
p := {{1}: "a"}

# case: number_key_lookup
o := {1: "a"}

p := [o[1], o[1.0]]

# case: set_in_array
p := [{2, 1}, [2, 1]]

# case: nested_empty
p := [[], {}, set(), ""]

# case: duplicate_object_key
p := {"a": 1, "a": 2}

# case: cast_to_set
p := {x | some x in [3, 1, 3]}

# case: json_patch
p := json.patch({"a": [1, 2]}, [{"op": "add", "path": "/a/1", "value": 9}, {"op": "replace", "path": "a/0", "value": 8}])

# case: json_patch_missing
p := json.patch({"a": 1}, [{"op": "remove", "path": "/b"}])

# case: json_filter_and_remove
p := [json.filter({"a": {"b": 1, "c": 2}}, ["a/b"]), json.remove({"a": {"b": 1, "c": 2}}, ["a/b"])]

# case: graph_reachable
p := graph.reachable({"a": ["b"], "b": ["c"], "c": [], "d": ["a"]}, {"a"})

# case: graph_paths
p := graph.reachable_paths({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, {"a"})

# case: array_is_not_set
p := [1, 2] == {1, 2}

# case: minmax_of_objects
p := max([{"a": 1}, {"a": 2}])

# case: member_of_nested
p if {"name": "cy"} in input.people

# case: update_by_comprehension
p := object.union({k: v | some k, v in input.metadata.labels; k != "team"}, {"team": "blue"})

# case: first_match
p := [c | some c in input.spec.template.spec.containers; c.name == "side"][0].image

# case: objects_by_name
p := {c.name: c | some c in input.spec.template.spec.containers}.side.resources.limits.cpu

# case: json_patch_operations
p := [json.patch(document, operations) | some [document, operations] in [
	[{"a": 1}, [{"op": "add", "path": "", "value": 3}]],
	[[1], [{"op": "add", "path": "/-", "value": 3}]],
	[{"a": [1, 2]}, [{"op": "move", "from": "/a/0", "path": "/a/1"}]],
	[{"a": {"b": 1}}, [{"op": "copy", "from": "/a", "path": "/c"}, {"op": "remove", "path": "/a/b"}]],
	[{"a/b": 1, "c~d": 2}, [{"op": "replace", "path": "/a~1b", "value": 3}, {"op": "remove", "path": "/c~0d"}]],
	[{"a": [1, 2]}, [{"op": "test", "path": "/a/1", "value": 2}, {"op": "add", "path": ["a", 0], "value": true}]],
]]

# case: json_patch_set
p := json.patch({"a": {1, 2}}, [{"op": "add", "path": ["a", 3], "value": 3}, {"op": "remove", "path": ["a", 1]}])

# case: json_patch_test_fails
p := json.patch({"a": 1}, [{"op": "test", "path": "/a", "value": true}])

# case: json_patch_no_parent
p := json.patch({"a": 1}, [{"op": "add", "path": "/b/c", "value": 1}])

# case: json_patch_index
p := json.patch([1, 2], [{"op": "remove", "path": "/01"}])

# case: array_slice_fraction
p := array.slice([1, 2, 3], 0.5, 2)

# case: object_pattern_some
p contains n if some {"name": n} in input.people

# case: object_pattern_unify
p contains n if {"name": n} = input.people[_]

# case: object_pattern_exact
p contains [n, a] if some {"name": n, "age": a} in input.people
