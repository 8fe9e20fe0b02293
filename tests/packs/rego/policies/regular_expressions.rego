# case: match
p := [regex.match(`^web-\d+$`, "web-12"), regex.match("b", "abc"), regex.match("^b", "abc")]

# case: ascii_digits
p := [regex.match(`^\d$`, "٣"), regex.match(`^\w$`, "ä"), regex.match(`^\s$`, " ")]

# case: ascii_boundary
p := regex.find_n(`\b\w+\b`, "ab äb c", -1)

# case: case_insensitive
p := regex.match("(?i)WEB", "web")

# case: multi_line
p := regex.find_n("(?m)^b.*$", "a\nbc\nbd", -1)

# case: dot_and_newline
p := [regex.match("^a.b$", "a\nb"), regex.match("(?s)^a.b$", "a\nb")]

# case: invalid
p := regex.match("(", "a")

# case: is_valid
p := [regex.is_valid("a+"), regex.is_valid("("), regex.is_valid(input.n)]

# case: look_ahead
p := regex.match("a(?=b)", "ab")

# case: back_reference
p := regex.match(`(a)\1`, "aa")

# case: replace
p := [regex.replace("a-b", "-", "+"), regex.replace("foo=1", `(\w+)=(\d)`, "$2=$1"), regex.replace("aaa", "a", "b")]

# case: replace_named
p := regex.replace("ab", "(?P<x>a)", "${x}${x}")

# case: replace_dollar
p := regex.replace("a", "a", "$$")

# case: find_n
p := [regex.find_n("a.", "abacad", 2), regex.find_n("z", "abc", -1), regex.find_n("a", "aaa", 0)]

# case: find_groups
p := regex.find_all_string_submatch_n("([a-z])([0-9])", "a1 b2", -1)

# case: split
p := regex.split(`\s*,\s*`, "a , b,c")

# case: split_ends
p := regex.split(",", ",a,")

# case: template
p := regex.template_match("urn:foo:{.*}", "urn:foo:bar:baz", "{", "}")

# case: globs
p := [regex.globs_match("a.*", "ab[0-9]+"), regex.globs_match("[a-c]+", "[x-z]+")]

# case: quoted
p := regex.match(`^\Qa.b\E$`, "a.b")

# case: classes
p := [regex.match("^[[:alpha:]]+$", "abc"), regex.match(`^\p{L}+$`, "äb"), regex.match(`^\pN$`, "٣")]

# case: counted
p := [regex.match("^a{2,3}$", "aaa"), regex.match("^a{2,3}$", "aaaa"), regex.match("^a{,2}$", "a{,2}")]

# case: large_count
p := regex.match(`^[\w\s]{20,512}$`, "twenty characters or more of text")

# case: count_over_limit
p := regex.match("a{1001}", "a")

# case: lazy
p := regex.find_n("a+?", "aaa", -1)

# case: empty_pattern
p := [regex.match("", "a"), regex.split("", "abc"), regex.replace("ab", "", "-")]

# case: alternatives
p := regex.find_n("a|ab", "abab", -1)

# case: unicode_escape
p := [regex.match(`^\x{41}$`, "A"), regex.match(`^\x41$`, "A")]

# case: bad_escape
p := regex.match(`\y`, "y")

# case: number_as_text
p := regex.match("a", input.n)

# case: glob
p := [glob.match("*.example", ["."], "a.example"), glob.match("*.example", ["."], "a.b.example"), glob.match("**.example", ["."], "a.b.example")]

# case: glob_no_delimiter
p := [glob.match("*:*", [], "a:b:c"), glob.match("*", [], "a.b"), glob.match("*", null, "a.b")]

# case: glob_sets
p := [glob.match("{cat,dog}s", [], "dogs"), glob.match("[a-c]x", [], "bx"), glob.match("[!a-c]x", [], "bx"), glob.match("?x", [], "bx")]

# case: glob_slash
p := [glob.match("/etc/*", ["/"], "/etc/passwd"), glob.match("/etc/*", ["/"], "/etc/a/b"), glob.match("/etc/**", ["/"], "/etc/a/b")]

# case: glob_quote
p := glob.quote_meta("*.a[b]")

# case: glob_escape
p := glob.match(`\*x`, [], "*x")

# case: glob_bad
p := glob.match("[a", [], "a")
