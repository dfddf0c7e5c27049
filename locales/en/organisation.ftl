validation-email-taken = Belongs to another employee.
validation-period-ahead = The period has not begun yet.
