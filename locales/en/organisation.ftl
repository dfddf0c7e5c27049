validation-parts-mismatch = The points for common criteria and for task results add up to { $expected }; the score is { $actual }.
validation-email-taken = Belongs to another employee.
validation-period-ahead = The period has not begun yet.
