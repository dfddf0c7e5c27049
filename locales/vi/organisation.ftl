validation-email-taken = Đã thuộc về người khác.
validation-period-ahead = Kỳ đánh giá chưa bắt đầu.
