# Dữ liệu được lưu và tính từ khi nào: `retention-` và mã của quy tắc, thay `_` bằng `-`.
retention-idempotency-keys = Câu trả lời lưu cho yêu cầu gửi lặp lại, tính từ lúc yêu cầu.
retention-events = Sự kiện cho các hệ thống khác đọc, tính từ lúc xảy ra.
retention-security-events = Các lần đăng nhập, mã và yêu cầu bị từ chối, đếm theo phút, tên và địa chỉ chỉ lưu dưới dạng mã băm có khóa, tính từ phút xảy ra.
retention-refused-applications = Thông tin liên hệ của cơ sở đào tạo, bồi dưỡng bị từ chối đăng ký, tính từ ngày từ chối.
retention-absences = Vắng mặt của nhân sự, tính từ ngày kết thúc.
retention-personal-data-requests = Yêu cầu về dữ liệu cá nhân, tính từ ngày giải quyết.
retention-employees = Nhân sự và tài khoản: trong thời gian công tác; sau đó xóa theo yêu cầu của người đó.
retention-ratings = Kết quả đánh giá, xếp loại; giữ lại không kèm tên sau khi đã xóa danh tính.
retention-training-records = Hồ sơ cử đi đào tạo, bồi dưỡng, việc tham gia lớp, kết quả và năng lực; giữ lại không kèm tên sau khi đã xóa danh tính.
retention-certificates = Sổ chứng chỉ: số hiệu luôn tra cứu được.
retention-evaluations = Câu trả lời có tên về công việc trước và sau khóa học; số liệu được giữ lại không kèm tên sau khi đã xóa danh tính.
retention-anonymous-answers = Câu trả lời ẩn danh, được niêm phong cho đến khi hết hạn trả lời: không gắn với người nào.
retention-succession-lists = Quy hoạch: xóa khi xóa danh tính của người đó.
retention-audit-log = Nhật ký ghi ai đã làm gì: được giữ nguyên.
