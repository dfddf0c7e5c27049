validation-degree-too-low = Vai trò này cần bằng cấp cao hơn, tối thiểu: { $lowest ->
    [master] thạc sĩ
    [doctorate] tiến sĩ
   *[other] { $lowest }
    }.
validation-lecturer-inactive = Giảng viên đã thôi giảng dạy.
validation-periods-mismatch = Các buổi học có tổng cộng { $actual } tiết, khóa học có { $expected } tiết.
validation-after-first-session = Hạn cử đi đào tạo, bồi dưỡng chậm nhất là ngày của buổi học đầu tiên: { $limit }.
validation-below-seats-taken = Lớp đã có { $limit } chỗ được sử dụng.

problem-offering-not-over = Chưa đến buổi học cuối cùng
problem-offering-not-over-detail = Chỉ kết thúc lớp từ ngày của buổi học cuối cùng.
