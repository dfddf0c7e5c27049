# Lỗi của phiếu hỏi, câu trả lời và hành động khắc phục.
validation-reserved-code = Phiếu này lập từ khóa học: hãy sửa hành vi của khóa học.
validation-unknown-item = Phiếu không có mục này.
validation-missing-item = Thiếu câu trả lời cho mục { $item }; gửi null nếu không quan sát được hoặc để trống.
validation-deadline-past = Không được ở trong quá khứ.
validation-mixed-steps = Mọi thang đo của một phiếu phải có cùng số bậc.
validation-no-correct-option = Bài kiểm tra cần ít nhất một câu chọn có đáp án đúng.
validation-section-differs = Cùng một tiêu chí phải có cùng tên ở mọi mục.
validation-window-too-long = Tối đa { $limit } ngày.
validation-quality-token-bad = Đã dùng, hết hạn, hoặc không phải của dịch vụ này.

# Điều dịch vụ yêu cầu cơ sở đào tạo khắc phục.
corrective-action-reaction-under-limit = Điểm trung bình của học viên thấp hơn ngưỡng.
corrective-action-behaviour-worse = Ba tháng sau khóa học, hiệu quả công việc kém đi.
