# case: parse_rfc3339
p := [time.parse_rfc3339_ns("2020-01-02T03:04:05Z"), time.parse_rfc3339_ns("2020-01-02T03:04:05.5+02:00")]

# case: parse_rfc3339_bad
p := time.parse_rfc3339_ns("2020-01-02")

# case: parse_layout
p := [time.parse_ns("2006-01-02", "2020-05-06"), time.parse_ns("Jan 2, 2006 at 3:04pm (MST)", "Feb 3, 2013 at 7:54pm (UTC)")]

# case: parse_named_layout
p := [time.parse_ns("RFC1123", "Mon, 02 Jan 2006 15:04:05 UTC"), time.parse_ns("RFC3339", "2020-01-02T03:04:05Z")]

# case: date_and_clock
t := time.parse_rfc3339_ns("2020-02-29T13:14:15Z")

p := [time.date(t), time.clock(t), time.weekday(t)]

# case: date_in_zone
t := time.parse_rfc3339_ns("2020-02-29T23:14:15Z")

p := [time.date([t, "Europe/Berlin"]), time.clock([t, "America/New_York"])]

# case: unknown_zone
p := time.date([0, "Nowhere/Land"])

# case: add_date
t := time.parse_rfc3339_ns("2020-01-31T00:00:00Z")

p := [time.add_date(t, 0, 1, 0), time.add_date(t, 1, 0, -1)]

# case: diff
a := time.parse_rfc3339_ns("2020-01-31T00:00:00Z")

b := time.parse_rfc3339_ns("2021-03-01T01:02:03Z")

p := [time.diff(b, a), time.diff(a, b)]

# case: duration
p := [time.parse_duration_ns("1h30m"), time.parse_duration_ns("-1.5s"), time.parse_duration_ns("10us")]

# case: duration_bad
p := time.parse_duration_ns("1 day")

# case: format
t := time.parse_rfc3339_ns("2020-02-29T13:14:15.123Z")

p := [time.format(t), time.format([t, "UTC"]), time.format([t, "Europe/Berlin", "2006-01-02 15:04:05"])]

# case: format_names
t := time.parse_rfc3339_ns("2020-02-29T13:14:15Z")

p := time.format([t, "America/New_York", "Mon Jan _2 15:04:05 MST 2006"])

# case: format_named_layout
t := time.parse_rfc3339_ns("2020-02-29T13:14:15Z")

p := [time.format([t, "UTC", "RFC1123"]), time.format([t, "UTC", "ANSIC"])]

# case: clock_is_refused
p := time.now_ns() > 0

# case: units_bytes
p := [units.parse_bytes(x) | some x in ["64Mi", "1GB", "1Ki", "10", "1.5Gi", "2TiB"]]

# case: units_bytes_bad
p := units.parse_bytes("64 apples")

# case: units_bytes_space
p := units.parse_bytes("64 Mi")

# case: units_cpu
p := [units.parse(x) | some x in ["250m", "1", "2k", "1.5", "1e3", "100Ki"]]

# case: units_bad
p := units.parse("")

# case: units_letter_case
p := [units.parse("1M"), units.parse("1m"), units.parse_bytes("1m")]

# case: semver_compare
p := [semver.compare("1.2.3", "1.2.4"), semver.compare("1.10.0", "1.9.0"), semver.compare("1.0.0-alpha", "1.0.0"), semver.compare("1.0.0+a", "1.0.0+b")]

# case: semver_bad
p := semver.compare("1.2", "1.2.0")

# case: semver_valid
p := [semver.is_valid("1.2.3"), semver.is_valid("v1.2.3"), semver.is_valid("1.2"), semver.is_valid(1)]

# case: semver_prefixed
p := semver.compare("v1.2.3", "v1.2.4")

# case: uuid_parse
p := uuid.parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8")

# case: uuid_parse_bad
p := uuid.parse("nothing")

# case: parse_layouts
p := [time.parse_ns(layout, text) | some [layout, text] in [
	["2006-01-02T15:04:05", "2020-01-02T03:04:05.75"],
	["Jan _2 15:04:05 2006", "Feb  3 01:02:03 2020"],
	["RFC850", "Monday, 02-Jan-06 15:04:05 EST"],
	["2006-01-02 3:04PM -0700", "2020-01-02 3:04AM +0130"],
	["20060102", "20200304"],
	["2 January 2006", "5 march 2021"],
	["2006-002", "2020-060"],
	["2006-01-02 15:04:05.000", "2020-01-02 03:04:05.123"],
]]

# case: parse_day_that_is_none
p := time.parse_ns("2006-01-02", "2020-02-30")

# case: parse_text_that_does_not_fit
p := time.parse_ns("2006-01-02", "2020-1-2")

# case: parse_rest
p := time.parse_ns("2006-01-02", "2020-01-02T00:00:00Z")

# case: parse_without_year
p := time.parse_ns("3:04PM", "3:04AM")

# case: format_layouts
p := [time.format([1234567890123456789, zone, layout]) | some [zone, layout] in [
	["Asia/Kolkata", "2006-01-02 03:04:05.000PM -0700 MST Z07:00"],
	["", "Monday, January 002 _2 06 1 2 3 4 5 pm -07"],
	["America/Sao_Paulo", "02/01/06 MST"],
	["UTC", "Z07:00 Z0700 -07:00 .999999 .000"],
	["Europe/London", "Jan 2 '06 at 15:04"],
	["UTC", "nothing of a time"],
]]

# case: add_date_overflow
p := [time.add_date(time.parse_rfc3339_ns(start), y, m, d) | some [start, y, m, d] in [
	["2020-01-31T00:00:00Z", 0, 1, 0],
	["2020-02-29T12:00:00.5Z", 1, 0, 0],
	["2019-12-31T23:59:59Z", 0, 14, 1],
	["2020-03-01T00:00:00Z", 0, -1, -1],
]]

# case: add_date_too_far
p := time.add_date(time.parse_rfc3339_ns("2262-01-01T00:00:00Z"), 1, 0, 0)

# case: semver_pre_release
p := [semver.compare(a, b) | some [a, b] in [
	["1.0.0-alpha", "1.0.0-alpha.1"],
	["1.0.0-alpha.1", "1.0.0-alpha.beta"],
	["1.0.0-beta.2", "1.0.0-beta.11"],
	["1.0.0-rc.1", "1.0.0"],
	["1.0.0-1", "1.0.0-a"],
	["1.0.0-a-b", "1.0.0-a"],
]]

# case: semver_forms
p := [semver.is_valid(x) | some x in ["1.2.3", "01.2.3", "1.2.3-01", "1.2.3-0", "1.2.3+01", "1.2.3-", "V1.2.3", "1.2.3.4", " 1.2.3", "v1.29.3"]]
