# Lỗi của phiếu hỏi, câu trả lời và hành động khắc phục.
validation-reserved-code = Phiếu này được lập từ khóa học: hãy sửa các hành vi của khóa học.
validation-unknown-item = Phiếu không có câu hỏi này.
validation-missing-item = Thiếu câu trả lời cho câu hỏi { $item }; gửi null nếu không quan sát được hoặc để trống.
validation-deadline-past = Phải từ hôm nay trở đi.
validation-mixed-steps = Mọi thang điểm của một phiếu phải có cùng số bậc.
validation-no-correct-option = Bài kiểm tra cần ít nhất một câu hỏi chọn phương án có đáp án đúng.
validation-section-differs = Cùng một tiêu chí phải có cùng tên ở mọi câu hỏi.
validation-window-too-long = Tối đa { $limit } ngày.
validation-quality-token-bad = Đã dùng, hết hạn, hoặc không phải của dịch vụ này.

# Điều dịch vụ yêu cầu cơ sở đào tạo, bồi dưỡng khắc phục.
corrective-action-reaction-under-limit = Điểm trung bình của phiếu ý kiến học viên thấp hơn ngưỡng.
corrective-action-behaviour-worse = Ba tháng sau khóa học, mức độ thực hiện hành vi trong công việc do lãnh đạo trực tiếp đánh giá giảm.
evaluation-plan-seen = Với { $trained } người học và { $comparison } người trong nhóm so sánh, nếu tất cả đều được đánh giá trước và sau khóa học, mức chênh lệch từ { $points } điểm (thang 5) trở lên nhiều khả năng sẽ được nhận ra (xác suất { $chance }%); mức nhỏ hơn có thể không nhận ra được.
evaluation-plan-nothing-shown = Với { $trained } người học và { $comparison } người trong nhóm so sánh, báo cáo không nêu được chênh lệch: mỗi nhóm cần có { $needed } người được đánh giá trước và sau khóa học.
evaluation-plan-enough = Như vậy là đủ cho mức { $wanted } điểm cần nhận ra.
evaluation-plan-pool = Để nhận ra mức { $wanted } điểm, cần gộp { $runs } lớp của khóa học.
evaluation-plan-enlarge = Để nhận ra mức { $wanted } điểm, cần có { $larger } người trong nhóm so sánh.
evaluation-plan-pool-or-enlarge = Để nhận ra mức { $wanted } điểm, cần gộp { $runs } lớp của khóa học, hoặc có { $larger } người trong nhóm so sánh.
evaluation-plan-nothing-helps = Mức { $wanted } điểm khó nhận ra, kể cả khi gộp { $most } lớp quy mô này.
