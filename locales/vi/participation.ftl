# Các điều kiện cử đi học: `check-`, mã điều kiện và kết luận, `-` thay cho `_`.
check-offering-open-pass = Lớp tiếp nhận người được cử đến hết ngày { $closes_on }.
check-offering-open-fail = Lớp không tiếp nhận người được cử: chưa mở hoặc đã đóng, đã hết hạn cử (ngày { $closes_on }) hoặc đã khai giảng (ngày { $starts_on }).
check-employee-active-pass = Người được cử đang công tác.
check-employee-active-fail = Người được cử đang nghỉ dài hạn hoặc đã thôi việc.
check-audience-pass = Khóa học dành cho vị trí việc làm này.
check-audience-fail = Khóa học không dành cho vị trí việc làm này.
check-need-pass = Có trong kế hoạch đã phê duyệt; số chỉ tiêu còn lại: { $quota_left }.
check-need-warning = Khóa học bù đắp năng lực còn thiếu của vị trí ({ $gaps }) nhưng nằm ngoài chỉ tiêu còn lại của kế hoạch đã phê duyệt.
check-need-fail = Khóa học nằm ngoài các năng lực còn thiếu của vị trí và ngoài chỉ tiêu còn lại của kế hoạch đã phê duyệt.
check-need-not-applicable = Căn cứ cử đi là quy hoạch.
check-succession-pass = Người được cử thuộc diện quy hoạch còn hiệu lực đến { $valid_to } và khóa học phục vụ chức danh quy hoạch.
check-succession-fail = Mục quy hoạch đã dẫn không có hiệu lực đối với người được cử, hoặc khóa học không phục vụ chức danh quy hoạch.
check-succession-not-applicable = Căn cứ cử đi là yêu cầu vị trí việc làm.
check-clash-pass = Người được cử dự được mọi buổi.
check-clash-fail = Người được cử đã có việc khác: { $half_days }.
check-coverage-pass = Đơn vị bảo đảm đủ người làm việc trong mọi buổi.
check-coverage-fail = Đơn vị sẽ thiếu người: { $half_days }.
check-coverage-not-applicable = Đơn vị không đặt số người tối thiểu phải có mặt đối với người này.
check-absence-limit-pass = Vắng liên tục { $days } ngày làm việc; vị trí cho phép { $limit_days } ngày.
check-absence-limit-fail = Vắng liên tục { $days } ngày làm việc; vị trí chỉ cho phép { $limit_days } ngày.
check-absence-limit-not-applicable = Vị trí không giới hạn số ngày vắng mặt.
check-seats-pass = Số chỗ còn lại: { $seats_left }.
check-seats-warning = Lớp đã hết chỗ: sau khi được phê duyệt, người được cử vào danh sách chờ và được xếp khi có chỗ.
check-stand-in-pass = Người làm thay có mặt trong mọi buổi.
check-stand-in-fail = Người làm thay phải là người khác, đang công tác, cùng đơn vị hoặc cùng nhóm vị trí và không bận; số buổi bận: { $half_days_away }.
check-stand-in-not-applicable = Hồ sơ không nêu người làm thay.
half-day-morning = sáng { $date }
half-day-afternoon = chiều { $date }
alternative-fits = Mọi điều kiện đều đạt: { $half_days } buổi từ { $first_day } đến { $last_day }, còn { $seats_left } chỗ.
alternative-fits-with-warnings = Đủ điều kiện, trong đó { $warnings } điều kiện cần lưu ý: { $half_days } buổi từ { $first_day } đến { $last_day }, còn { $seats_left } chỗ.

# Điều kiện cấp chứng chỉ: `condition-` và mã, `-` thay cho `_`.
condition-attendance = Dự { $actual }% số buổi đã học; yêu cầu { $required }%.
condition-results-recorded = Chưa có kết quả học tập.
condition-results-half = Có kết quả chưa đạt 50% thang điểm.
condition-not-revoked-before = Chứng chỉ của lớp này đã bị thu hồi; muốn cấp lại phải nêu rõ học viên.

problem-nomination-offering-started = Lớp đã khai giảng
problem-nomination-offering-started-detail = Chỉ được rút hồ sơ hoặc từ chối trước ngày đầu tiên của lớp.

# What a check rests on.
check-source-offering-open = Lớp học
check-source-seats = Lớp học
check-source-employee-active = Hồ sơ nhân sự
check-source-audience = Đối tượng của khóa học
check-source-need = Nghị định 171/2025/NĐ-CP, Điều 2
check-source-succession = Nghị định 171/2025/NĐ-CP, Chương III; Quy định 57-QĐ/TW
check-source-clash = Lịch vắng mặt và việc cử đi đào tạo, bồi dưỡng của người được cử
check-source-coverage = Quy định số người tối thiểu phải có mặt của đơn vị
check-source-absence-limit = Số ngày vắng mặt liên tục tối đa của vị trí việc làm
check-source-stand-in = Lịch vắng mặt và việc cử đi đào tạo, bồi dưỡng của người làm thay

# Bốc thăm xếp chỗ học.
seat-draw-announced = Số người được phê duyệt có thể nhiều hơn { $seats } chỗ của lớp, nên chỗ học được xếp bằng bốc thăm giữa những người được cử đến hết ngày { $closes_on } và được phê duyệt trước khi bốc thăm. Không ai chọn được kết quả: thăm được tính từ một số bí mật có mã kiểm tra đã công khai. Các điều kiện cử đi học, như số người tối thiểu phải có mặt của đơn vị, áp dụng cho mọi người.
seat-draw-held = Số chỗ của lớp đã được xếp bằng bốc thăm: { $drawn }; số người tham gia: { $candidates }. Với số bí mật nay đã công khai, mỗi người tham gia tự tính được thăm của mình và so với thăm cuối cùng được chọn; cán bộ đào tạo và kiểm toán kiểm tra được toàn bộ kết quả.
seat-draw-called-off = Việc bốc thăm đã được hủy: { $seats } chỗ được xếp cho người chờ lâu nhất.
seat-draw-waiting = Người chưa được chọn ở lại danh sách chờ theo thứ tự bốc thăm và được xếp khi có chỗ.
seat-draw-waiting-next = Người chưa được chọn ở lại danh sách chờ theo thứ tự bốc thăm; ở lớp tiếp theo của khóa học, họ được ưu tiên đến hết thời hạn cử, trong phạm vi số chỗ của lớp. Lãnh đạo đơn vị cử họ vào lớp tiếp theo.
seat-draw-rated = Để biết khóa học có hiệu quả hay không, lãnh đạo trực tiếp có thể được hỏi về công việc của người được học và của người đang chờ trước khóa học, sau ba tháng và sau sáu tháng. Câu trả lời chỉ dùng cho báo cáo về khóa học, trong đó không nhận ra được cá nhân nào, và không được dùng để xếp loại ai.
