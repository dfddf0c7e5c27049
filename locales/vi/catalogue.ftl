validation-degree-too-low = Vai trò này cần bằng cấp cao hơn, tối thiểu: { $lowest ->
    [master] thạc sĩ
    [doctorate] tiến sĩ
   *[other] { $lowest }
    }.
validation-lecturer-inactive = Giảng viên không còn giảng dạy.
validation-periods-mismatch = Các buổi học có { $actual } tiết, khóa có { $expected } tiết.
validation-after-first-session = Hạn cử đi học phải không muộn hơn buổi học đầu tiên: { $limit }.
validation-below-seats-taken = Đã có { $limit } chỗ được dùng.

problem-offering-not-over = Chưa đến buổi học cuối
problem-offering-not-over-detail = Chỉ kết thúc lớp từ ngày của buổi học cuối cùng.
