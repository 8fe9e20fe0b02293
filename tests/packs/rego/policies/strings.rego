# case: case_change
p := [upper("straße ä"), lower("ÄB")]

# case: trim
p := [trim("  a  ", " "), trim_space("\t a \n"), trim_left("xxa", "x"), trim_right("axx", "x")]

# case: trim_prefix_suffix
p := [trim_prefix("v1.2", "v"), trim_suffix("a.tf", ".tf"), trim_prefix("a", "b")]

# case: split
p := [split("a,b,c", ","), split("abc", ""), split("", ","), split("a", ",")]

# case: split_n
p := [strings.split_n("a.b.c", ".", 2), strings.split_n("a.b.c", ".", -1), strings.split_n("a", ".", 0)]

# case: concat_array
p := concat("/", ["a", "b"])

# case: concat_set
p := concat(",", {"b", "a"})

# case: concat_of_numbers
p := concat(",", input.matrix[0])

# case: replace
p := [replace("aXbX", "X", "-"), replace("abc", "", "-"), strings.replace_n({"a": "1", "b": "2"}, "aabb")]

# case: contains
p := [contains("hello", "ell"), contains("hello", ""), contains("", "x")]

# case: starts_and_ends
p := [startswith("/etc", "/"), endswith("x.yaml", ".yaml"), startswith("a", "ab")]

# case: any_prefix
p := [strings.any_prefix_match(["a1", "b"], ["a"]), strings.any_suffix_match("x.tf", ["tf", "json"])]

# case: indexof
p := [indexof("hello", "l"), indexof("hello", "z"), indexof("äöü", "ü")]

# case: indexof_n
p := indexof_n("banana", "an")

# case: indexof_empty
p := indexof("a", "")

# case: substring
p := [substring("hello", 1, 3), substring("hello", 1, -1), substring("äöü", 1, 1)]

# case: substring_out_of_range
p := substring("abc", 5, 2)

# case: substring_negative
p := substring("abc", -1, 2)

# case: substring_too_long
p := substring("abc", 1, 99)

# case: count_string
p := [count("héllo"), count("😀"), count("")]

# case: strings_count
p := [strings.count("cheese", "e"), strings.count("aaaa", "aa"), strings.count("abc", "z")]

# case: strings_count_empty
p := strings.count("abc", "")

# case: strings_reverse
p := strings.reverse("äbc")

# case: upper_of_number
p := upper(input.n)

# case: escapes
p := "tab\tquote\"backslash\\unicode\u00e9"

# case: raw_string
p := `a\nb"c`

# case: raw_string_lines
p := `one
two`

# case: format_of_values
p := sprintf("%v %v %v %v %v", [1, "a", true, null, [1, "x"]])

# case: format_of_object
p := sprintf("%v", [{"a": 1, "b": ["x"]}])

# case: format_of_set
p := sprintf("%v", [{"b", "a"}])

# case: format_of_fraction
p := sprintf("%v %v %v", [1.5, 2.0, 1e6])

# case: format_integer
p := sprintf("%d|%5d|%-5d|%05d|%x|%X|%o|%b", [42, 42, 42, 42, 255, 255, 8, 5])

# case: format_string
p := sprintf("%s|%10s|%-10s|%q|%.2s", ["ab", "ab", "ab", "a\"b", "abcdef"])

# case: format_float
p := sprintf("%f|%.2f|%8.3f|%e|%g", [1.5, 2.345, 3.14159, 12345.678, 0.0001])

# case: format_percent
p := sprintf("100%%", [])

# case: format_wrong_type
p := sprintf("%d", ["a"])

# case: format_missing
p := sprintf("%s and %s", ["a"])

# case: format_extra
p := sprintf("%s", ["a", "b"])

# case: format_string_of_number
p := sprintf("%s", [1])

# case: format_bool
p := sprintf("%t", [true])

# case: format_type
p := sprintf("%T", ["a"])

# case: format_index
p := sprintf("%[2]v %[1]v", ["a", "b"])

# case: format_not_an_array
p := sprintf("%s", "a")

# case: format_undefined_argument
p := sprintf("%s", [input.nowhere])

# case: template_string
p := $"{input.metadata.name} has {count(input.words)} words"

# case: template_undefined
p := $"[{input.nowhere}]"

# case: template_collections
p := $"{[1, "a"]} {{"k": 1}} {{1}} {set()} {null} {1.5}"

# case: template_nested
p := $"a {$"b {input.n}"} c"

# case: template_escape
p := $"\{not a hole} {input.n}"

# case: template_raw
p := $`line
{input.n} "quoted" \n`

# case: template_with_call
p contains msg if {
	some c in input.spec.template.spec.containers
	msg := $"{upper(c.name)}: {object.get(c, "image", "?")}"
}

# case: template_with_comprehension
p := $"{[w | some w in input.words; w != "beta"]}"

# case: template_unsafe
p := $"{nobody}"

# case: render_template
p := strings.render_template(`{{.metadata.name}}{{range .words}} {{.}}{{end}}`, input)

# case: render_missing
p := strings.render_template(`{{.nowhere}}`, input)

# case: lower_of_undefined
p := lower(input.nowhere)

# case: json_escapes
p := "<a href='x'>&amp;</a>"

# case: sort_strings
p := sort(["b", "A", "ä", "a", "10", "9"])

# case: compare_case
p := lower("ABC") == "abc"

# case: is_string
p := [is_string("a"), is_string(1), is_string(null)]
