# Các điều kiện cử đi học: `check-`, mã điều kiện và kết luận, `-` thay cho `_`.
check-offering-open-pass = Lớp nhận người được cử đi học đến hết ngày { $closes_on }.
check-offering-open-fail = Lớp không nhận người được cử đi học: chưa mở hoặc đã đóng, hết hạn cử đi học ngày { $closes_on }, hoặc đã khai giảng ({ $starts_on }).
check-employee-active-pass = Người được cử đang công tác.
check-employee-active-fail = Người được cử đang nghỉ dài hạn hoặc đã thôi việc.
check-audience-pass = Khóa học dành cho vị trí việc làm này.
check-audience-fail = Khóa học không dành cho vị trí việc làm này.
check-need-pass = Có trong kế hoạch đã phê duyệt; chỉ tiêu còn lại: { $quota_left }.
check-need-warning = Khóa học bù được năng lực còn thiếu của vị trí ({ $gaps }) nhưng không có chỉ tiêu nào trong kế hoạch đã phê duyệt.
check-need-fail = Khóa học không bù năng lực nào còn thiếu của vị trí và không có chỉ tiêu trong kế hoạch đã phê duyệt.
check-need-not-applicable = Căn cứ cử đi là quy hoạch.
check-succession-pass = Người được cử thuộc diện quy hoạch còn hiệu lực đến { $valid_to } và khóa học phục vụ chức danh quy hoạch.
check-succession-fail = Người được cử không có quy hoạch còn hiệu lực như đã dẫn, hoặc khóa học không phục vụ chức danh quy hoạch.
check-succession-not-applicable = Căn cứ cử đi là yêu cầu vị trí việc làm.
check-clash-pass = Người được cử không bận buổi nào.
check-clash-fail = Người được cử đã bận: { $half_days }.
check-coverage-pass = Đơn vị bảo đảm đủ người trong mọi buổi.
check-coverage-fail = Đơn vị sẽ thiếu người: { $half_days }.
check-coverage-not-applicable = Đơn vị không có quy định số người tối thiểu liên quan.
check-absence-limit-pass = Vắng liên tục { $days } ngày làm việc; vị trí cho phép { $limit_days } ngày.
check-absence-limit-fail = Vắng liên tục { $days } ngày làm việc; vị trí chỉ cho phép { $limit_days } ngày.
check-absence-limit-not-applicable = Vị trí không giới hạn số ngày vắng.
check-seats-pass = Số chỗ còn lại: { $seats_left }.
check-seats-warning = Lớp đã hết chỗ: sau khi duyệt, người được cử vào danh sách chờ và được xếp khi có chỗ.
check-stand-in-pass = Người làm thay có mặt trong mọi buổi.
check-stand-in-fail = Người làm thay phải là người khác, đang công tác, cùng đơn vị hoặc cùng nhóm vị trí và không bận; số buổi bận: { $half_days_away }.
check-stand-in-not-applicable = Không nêu người làm thay.
half-day-morning = sáng { $date }
half-day-afternoon = chiều { $date }
alternative-fits = Mọi điều kiện đều đạt: { $half_days } buổi từ { $first_day } đến { $last_day }, còn { $seats_left } chỗ.
alternative-fits-with-warnings = Tất cả điều kiện đều đạt, { $warnings } điều kiện cần lưu ý: { $half_days } buổi từ { $first_day } đến { $last_day }, còn { $seats_left } chỗ.

# Điều kiện cấp chứng chỉ: `condition-` và mã, `-` thay cho `_`.
condition-attendance = Dự { $actual }% số buổi đã học; yêu cầu { $required }%.
condition-results-recorded = Chưa có kết quả nào.
condition-results-half = Có kết quả chưa đạt 50% thang điểm.
condition-not-revoked-before = Chứng chỉ của lớp này đã bị thu hồi; muốn cấp lại phải nêu rõ học viên.

problem-nomination-offering-started = Lớp đã khai giảng
problem-nomination-offering-started-detail = Chỉ được rút hoặc từ chối trước ngày đầu tiên của lớp.

# What a check rests on.
check-source-offering-open = Lớp học
check-source-seats = Lớp học
check-source-employee-active = Hồ sơ nhân sự
check-source-audience = Đối tượng của khóa học
check-source-need = Nghị định 171/2025/NĐ-CP, Điều 2
check-source-succession = Nghị định 171/2025/NĐ-CP, Chương III; Quy định 57-QĐ/TW
check-source-clash = Lịch vắng mặt và việc cử đi học của người được cử
check-source-coverage = Quy định số người tối thiểu phải có mặt của đơn vị
check-source-absence-limit = Số ngày vắng mặt liên tục tối đa của vị trí việc làm
check-source-stand-in = Lịch vắng mặt và việc cử đi học của người làm thay
