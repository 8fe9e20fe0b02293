# case: base64
p := [base64.encode("a?b"), base64.decode("YT9i"), base64.is_valid("YT9i"), base64.is_valid("%")]

# case: base64_bad
p := base64.decode("%%%")

# case: base64_unpadded
p := base64.decode("YQ")

# case: base64url
p := [base64url.encode("a?>b"), base64url.encode_no_pad("a"), base64url.decode("YQ"), base64url.decode("YQ==")]

# case: hexadecimal
p := [hex.encode("az"), hex.decode("617a")]

# case: hexadecimal_bad
p := hex.decode("zz")

# case: urlquery
p := [urlquery.encode("a b&c"), urlquery.decode("a+b%26c"), urlquery.encode_object({"b": "2", "a": ["1", "x y"]})]

# case: urlquery_decode_object
p := urlquery.decode_object("a=1&b=2&a=3")

# case: json_marshal
p := [json.marshal({"b": 1, "a": [true, null, "x"]}), json.marshal("a\"b"), json.marshal(1.5)]

# case: json_marshal_html
p := json.marshal("<a & b>")

# case: json_marshal_unicode
p := json.marshal("ä😀\u2028")

# case: json_marshal_numbers
p := json.marshal([1.0, 1e3, 100000000000000000000, 0.1])

# case: json_marshal_set
p := json.marshal({3, 1, 2})

# case: json_marshal_number_keys
p := json.marshal({1: "a"})

# case: json_unmarshal
p := [json.unmarshal(`{"a": [1, 2.5, "x"]}`), json.unmarshal("null"), json.unmarshal(" 1 ")]

# case: json_unmarshal_bad
p := json.unmarshal("{a: 1}")

# case: json_unmarshal_trailing
p := json.unmarshal("1 2")

# case: json_unmarshal_duplicate
p := json.unmarshal(`{"a": 1, "a": 2}`)

# case: json_unmarshal_large
p := json.unmarshal("123456789012345678901234567890")

# case: json_is_valid
p := [json.is_valid("{}"), json.is_valid("{"), json.is_valid("NaN"), json.is_valid(input.n)]

# case: json_marshal_options
p := json.marshal_with_options({"a": [1]}, {"pretty": true, "indent": "  "})

# case: json_schema
p := json.match_schema({"id": "x", "extra": 1}, {"type": "object", "required": ["name"], "properties": {"id": {"type": "integer"}}})

# case: json_schema_bounds
p := {[e.field, e.type, e.desc] | some e in json.match_schema(`{"n": 11, "s": "abc", "e": "z"}`, {"properties": {"n": {"maximum": 10}, "s": {"maxLength": 2}, "e": {"enum": ["x", "y"]}}})[1]}

# case: json_schema_match
p := json.match_schema({"id": 1}, {"type": "object"})

# case: json_schema_additional
p := json.match_schema({"id": 1}, {"additionalProperties": false})

# case: json_schema_pattern
p := json.match_schema({"id": "A1"}, {"properties": {"id": {"pattern": "^[a-z]+$"}}})

# case: json_schema_items
p := json.match_schema({"list": [1, "a"]}, {"properties": {"list": {"type": "array", "items": {"type": "integer"}, "minItems": 3}}})

# case: json_schema_any_of
p := json.match_schema({"id": true}, {"properties": {"id": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}})[0]

# case: json_schema_bad
p := json.verify_schema({"type": "nothing"})

# case: yaml_unmarshal
p := yaml.unmarshal("a: 1\nb: [x, true, null]\nc:\n  - d: 2.5\n")

# case: yaml_unmarshal_words
p := yaml.unmarshal("a: yes\nb: on\nc: ~\nd: 010\ne: 0x1f\nf: 1_000")

# case: yaml_unmarshal_date
p := yaml.unmarshal("a: 2020-01-02\nb: 12:30:45")

# case: yaml_unmarshal_anchor
p := yaml.unmarshal("a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n  l: 2")

# case: yaml_unmarshal_block
p := yaml.unmarshal("a: |\n  one\n  two\nb: >\n  one\n  two\n")

# case: yaml_unmarshal_number_keys
p := yaml.unmarshal("1: a\ntrue: b")

# case: yaml_unmarshal_documents
p := yaml.unmarshal("a: 1\n---\nb: 2")

# case: yaml_unmarshal_duplicate
p := yaml.unmarshal("a: 1\na: 2")

# case: yaml_unmarshal_bad
p := yaml.unmarshal("a: [1")

# case: yaml_unmarshal_empty
p := yaml.unmarshal("")

# case: yaml_marshal
p := yaml.marshal({"b": [1, {"c": "x"}], "a": null})

# case: yaml_marshal_words
p := yaml.marshal({"a": "yes", "b": "1", "c": "", "d": "two\nlines"})

# case: yaml_is_valid
p := [yaml.is_valid("a: 1"), yaml.is_valid("a: [1"), yaml.is_valid(input.n)]

# case: hashes
p := [crypto.md5("a"), crypto.sha1("a"), crypto.sha256("a"), crypto.sha256("ä")]

# case: keyed_hashes
p := [crypto.hmac.md5("a", "k"), crypto.hmac.sha1("a", "k"), crypto.hmac.sha256("a", "k"), crypto.hmac.sha512("a", "k"), crypto.hmac.equal("a", "a")]

# case: jwt
token := "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbm4ifQ.G0TdkFBWNd4hhz3qZqpNHgqPkcHTSATOAo1wcH-Gg0U"

p := [io.jwt.decode(token)[1].sub, io.jwt.verify_hs256(token, "secret")]

# case: jwt_bad
p := io.jwt.decode("a.b")

# case: uri
p := uri.parse("https://ann@host.example:8443/a%20b/c?x=1&y=2#top")

# case: uri_forms
p := [uri.parse(x) | some x in ["mailto:ann@host.example", "/only/path", "//host/path", "a/b?c", "http://[::1]:80/", "http://h/a%2Fb"]]

# case: uri_validity
p := [uri.is_valid(x) | some x in ["http://h/", "http://h:port/", ":x", "http://h/%zz", "", "a b", input.n, "http://a b/"]]

# case: yaml_unmarshal_scalars
p := yaml.unmarshal(concat("\n", [
	"a: 2020-01-02", "b: !x 1", "c: !!str 1", "d: 1.0", "e: .5", "f: 1e3", "g: 0o17", "h: 0b11", "i: -0x1f", "j: +5",
	"k: TRUE", "l: y", "m: 1_0.5", "o: 2020-01-02T03:04:05Z", "p: 09", "q: '1'", "r: 1.", "s: 0", "t: -1.5e-3", "u: Null",
]))

# case: yaml_unmarshal_merge_order
p := yaml.unmarshal("x: &x {a: 1, b: 2}\ny: &y {b: 3}\nz:\n  <<: [*y, *x]\n  c: 4\n  a: 5")

# case: yaml_unmarshal_keys
p := yaml.unmarshal("1.5: x\nnull: y\n0x10: z")

# case: yaml_unmarshal_composite_key
p := yaml.unmarshal("? [a]\n: 1")

# case: yaml_unmarshal_infinity
p := yaml.unmarshal("a: .inf")

# case: yaml_unmarshal_tab
p := yaml.unmarshal("\ta: 1")

# case: yaml_unmarshal_list_of_lists
p := yaml.unmarshal("- - 1\n  - 2\n- {a: [b, {c: d}]}\n- 'it''s'\n- \"a\\tb\"")

# case: yaml_unmarshal_self_reference
p := yaml.unmarshal("a: &a [*a]")

# case: json_unmarshal_surrogate
p := json.unmarshal(`"\ud83d\ude00"`)

# case: json_unmarshal_fractions
p := json.unmarshal("[1.0, 1e2, -0.5, 1e-3, 0]")

# case: json_unmarshal_constant
p := json.unmarshal("[NaN]")

# case: json_unmarshal_control_character
p := json.unmarshal("\"a\nb\"")
