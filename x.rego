package t
m if { not startswith(input.if.x, "a") }
