validation-parts-mismatch = Điểm tiêu chí chung và điểm kết quả nhiệm vụ cộng lại là { $expected }, còn điểm được gửi là { $actual }.
validation-email-taken = Đã thuộc về người khác.
validation-period-ahead = Kỳ đánh giá chưa bắt đầu.
