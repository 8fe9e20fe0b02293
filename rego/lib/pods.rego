package bulkhead.lib.pods

# Names as a message lists them: 'a', 'b'.
quoted(names) := concat(", ", sort([sprintf("'%s'", [name]) | some name in names]))
