# case: contains
p := [net.cidr_contains("10.0.0.0/8", "10.1.2.3"), net.cidr_contains("10.0.0.0/8", "10.1.0.0/16"), net.cidr_contains("10.1.0.0/16", "10.0.0.0/8")]

# case: contains_v6
p := [net.cidr_contains("2001:db8::/32", "2001:db8::1"), net.cidr_contains("2001:db8::/32", "10.0.0.1")]

# case: contains_host_bits
p := net.cidr_contains("10.0.0.5/8", "10.200.0.1")

# case: contains_bad
p := net.cidr_contains("10.0.0.0/33", "10.0.0.1")

# case: contains_name
p := net.cidr_contains("10.0.0.0/8", "host")

# case: intersects
p := [net.cidr_intersects("10.0.0.0/8", "10.1.0.0/16"), net.cidr_intersects("10.0.0.0/8", "192.168.0.0/16"), net.cidr_intersects("10.0.0.0/8", "2001:db8::/32")]

# case: intersects_bad
p := net.cidr_intersects("10.0.0.0", "10.0.0.0/8")

# case: contains_matches
p := net.cidr_contains_matches(["10.0.0.0/8", "192.168.0.0/16"], ["10.1.1.1", "172.16.0.1", "192.168.5.0/24"])

# case: contains_matches_objects
p := net.cidr_contains_matches({"a": "10.0.0.0/8"}, {"x": "10.1.1.1", "y": ["10.2.0.0/16", "note"]})

# case: contains_matches_sets
p := net.cidr_contains_matches("10.0.0.0/8", {["10.1.1.1", "note"]})

# case: contains_matches_bad
p := net.cidr_contains_matches("10.0.0.0/8", [[]])

# case: merge
p := net.cidr_merge(["10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24", "192.168.0.0/16"])

# case: merge_addresses
p := net.cidr_merge(["10.0.0.1", "192.0.2.5", "192.0.2.0/25"])

# case: merge_same_address
p := net.cidr_merge(["192.0.2.5"])

# case: merge_v6
p := net.cidr_merge({"2001:db8::/33", "2001:db8:8000::/33"})

# case: merge_v6_address
p := net.cidr_merge(["2001:db8::1"])

# case: merge_bad
p := net.cidr_merge(["10.0.0.0/8", input.n])

# case: expand
p := net.cidr_expand("192.168.0.0/30")

# case: is_valid
p := [net.cidr_is_valid("10.0.0.0/8"), net.cidr_is_valid("10.0.0.0"), net.cidr_is_valid("x"), net.cidr_is_valid(input.n), net.cidr_is_valid("10.0.0.1/8")]

# case: merge_kinds
p := [net.cidr_merge(x) | some x in [["0.0.0.0/0", "10.0.0.0/8"], ["10.0.0.5/24"], [], ["::/0"], ["10.0.0.0/24", "10.0.0.0/24"], ["1.1.1.1/32", "1.1.1.0/32", "2001:db8::/128"]]]
