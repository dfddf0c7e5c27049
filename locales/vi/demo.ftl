demo-accounts = **Bộ mẫu.** Mọi người trong dữ liệu này đều là hư cấu. Bấm *Authorize* và đăng nhập bằng một trong các tên sau, mật khẩu `{ $password }`:
demo-name = tên đăng nhập
demo-who = vai trò
demo-account-training-officer = chuyên viên phụ trách đào tạo, bồi dưỡng của toàn Bộ
demo-account-unit-head = Trưởng phòng Hành chính - Văn thư: cử người đi đào tạo, bồi dưỡng và đánh giá người của phòng
demo-account-institute = trường của Bộ: khóa học, danh sách lớp, kết quả, điểm của chính mình, yêu cầu khắc phục
demo-account-hr-portal = tài khoản có quyền của cổng thông tin nhân sự, do một người sử dụng
demo-account-leader = lãnh đạo Bộ: phê duyệt kế hoạch và việc cử đi đào tạo, bồi dưỡng; xem mọi báo cáo
demo-account-employee = văn thư viên của phòng đó: hồ sơ học tập, khoảng trống năng lực, phiếu đánh giá
demo-account-auditor = kiểm toán: xem mọi quyết định
demo-account-system-admin = quản trị tài khoản và ứng dụng
demo-account-institute-dhcnhn = một cơ sở đào tạo, bồi dưỡng khác: Trường Đại học Công nghiệp Hà Nội
demo-clients = Ứng dụng máy: `{ $client }` (cổng thông tin nhân sự) và `{ $other }` (hệ thống của cơ sở đó), mã bí mật `{ $password }` (client credentials).
demo-begin = Bắt đầu từ đâu: với tài khoản `unit_head`, tìm đơn vị (`GET /v1/units?code=VP-HCVT`), xem khoảng trống năng lực của đơn vị (`GET /v1/units/{"{"}id{"}"}/gaps`) rồi cử ba người còn thiếu năng lực `BMNN`, ví dụ { $people }, đi học lớp trực tiếp đang mở của khóa *Bảo vệ bí mật nhà nước* (`GET /v1/offerings?course_code=BMNN-01&status=open`): người thứ ba bị từ chối vì sáng thứ Ba phòng sẽ không còn đủ người làm việc, và được gợi ý lớp trực tuyến. Với tài khoản `leader` hoặc `training_officer`, xem hiệu quả của các khóa học (`GET /v1/reports/effectiveness?by=course&detail=summary`).
