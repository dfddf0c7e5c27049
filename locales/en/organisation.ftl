validation-email-taken = Belongs to another employee.
