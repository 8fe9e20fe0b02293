# case: integers
p := [7 + 3, 7 - 10, 7 * 3, 8 / 2]

# case: division
p := [7 / 2, 1 / 3, -7 / 2]

# case: remainder
p := [7 % 3, -7 % 3, 7 % -3]

# case: remainder_of_fraction
p := 7.5 % 2

# case: division_by_zero
p := 1 / input.zero

# case: remainder_by_zero
p := 1 % input.zero

# case: fractions
p := [0.5 + 0.25, 1.5 * 2, 2.5 - 0.5]

# case: fractions_inexact
p := [0.1 + 0.2, 1.1 * 3]

# case: large_integers
p := [9007199254740993 + 1, 123456789012345678901234567890 * 2]

# case: exponent
p := [1e3, 1.5e2, 2E2]

# case: trailing_zero
p := [1.0, 2.50, 100.0]

# case: negative_reference
p := -input.n

# case: negative_reference_in_sum
p := 5 + -input.n

# case: negative_call
p := -count(input.words)

# case: negative_literal
p := [-1, - 2, 3 - -1]

# case: precedence
p := [2 + 3 * 4, (2 + 3) * 4, 10 - 4 - 3, 100 / 10 / 2]

# case: bit_operations
p := [bits.and(6, 3), bits.or(6, 3), bits.xor(6, 3), bits.negate(5), bits.lsh(1, 10), bits.rsh(1024, 3)]

# case: bit_operation_on_fraction
p := bits.and(1.5, 1)

# case: rounding
p := [round(2.5), round(-2.5), ceil(2.1), floor(-2.1), abs(-3)]

# case: sum_and_product
p := [sum([1, 2, 3]), product([2, 3, 4]), sum([]), product([])]

# case: sum_of_set
p := sum({1, 2, 2})

# case: sum_of_strings
p := sum(input.words)

# case: max_min
p := [max([3, 1, 2]), min([3, 1, 2]), max({"b", "a"})]

# case: max_of_empty
p := max([])

# case: max_of_mixed
p := max([1, "a", [0]])

# case: range
p := [numbers.range(1, 4), numbers.range(3, 1), numbers.range(2, 2)]

# case: range_step
p := [numbers.range_step(0, 10, 4), numbers.range_step(10, 0, 3)]

# case: range_step_zero
p := numbers.range_step(0, 10, 0)

# case: to_number
p := [to_number("12"), to_number("1.5"), to_number("1e2"), to_number("-3"), to_number(true), to_number(null)]

# case: to_number_bad
p := to_number("12a")

# case: to_number_blank
p := to_number(" 12")

# case: to_number_hexadecimal
p := to_number("0x10")

# case: to_number_underscore
p := to_number("1_000")

# case: to_number_plus
p := to_number("+5")

# case: format_int
p := [format_int(10, 2), format_int(255, 16), format_int(-8, 8), format_int(12.7, 10)]

# case: string_plus_number
p := "a" + 1

# case: set_minus_number
p := {1} - 1

# case: set_operators
p := [{1, 2} | {3}, {1, 2} & {2, 3}, {1, 2} - {2}]

# case: array_operator
p := [1] | [2]

# case: integer_from_fraction
p := [4 / 2, 0.5 * 4]

# case: compare_large
p := 9007199254740993 == 9007199254740992

# case: rand
p := rand.intn("x", 1)

# case: huge_exponent
p := 1e400

# case: is_number
p := [is_number(1), is_number("1"), is_number(1.5)]
