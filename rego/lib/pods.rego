package bulkhead.lib.pods

# Windows pods cannot set the Linux fields, and the restricted Pod Security Standard asks nothing of them there.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
is_windows if input.views.pod.spec.os.name == "windows"

# Names as a message lists them: 'a', 'b'.
quoted(names) := concat(", ", sort([sprintf("'%s'", [name]) | some name in names]))
