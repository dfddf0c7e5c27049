# Lỗi của phiếu hỏi, câu trả lời và hành động khắc phục.
validation-reserved-code = Phiếu này lập từ khóa học: hãy sửa hành vi của khóa học.
validation-unknown-item = Phiếu không có mục này.
validation-missing-item = Thiếu câu trả lời cho mục { $item }; gửi null nếu không quan sát được.
validation-deadline-past = Không được ở trong quá khứ.
