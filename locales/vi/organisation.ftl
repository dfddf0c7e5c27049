validation-email-taken = Đã thuộc về người khác.
