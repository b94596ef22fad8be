"""Invented Vietnamese names; any likeness to a real person is chance."""

from random import Random

FAMILY = (
    ["Nguyễn"] * 8
    + ["Trần"] * 4
    + ["Lê"] * 3
    + ["Phạm"] * 3
    + ["Hoàng", "Vũ", "Vũ", "Đặng", "Bùi", "Đỗ", "Đỗ", "Ngô", "Dương", "Đào", "Đoàn", "Lương", "Mai", "Tạ", "Trịnh"]
)
MALE_MIDDLE = ["Văn", "Đức", "Minh", "Quang", "Hữu", "Gia", "Tuấn", "Thành", "Đình", "Hoàng"]
FEMALE_MIDDLE = ["Thị", "Thị", "Ngọc", "Thu", "Minh", "Khánh", "Phương", "Thanh", "Bảo", "Hà"]
MALE_GIVEN = (
    "An Bách Bảo Bình Chiến Cường Dũng Duy Đạt Đông Giang Hải Hậu Hiếu Hòa Hoàng Hùng Huy Khải Khánh Khoa Kiên Lâm "
    "Long Mạnh Nam Nghĩa Nhân Phong Phú Phúc Quân Quốc Sơn Tài Tâm Thắng Thịnh Toàn Trung Tú Tùng Việt Vinh"
).split()
FEMALE_GIVEN = (
    "Anh Ánh Châu Chi Cúc Diệp Dung Duyên Đào Giang Hà Hằng Hạnh Hiền Hoa Hồng Huệ Hương Huyền Lan Lê Liên Linh Loan "
    "Ly Mai My Nga Ngân Ngọc Nhung Nhi Oanh Phượng Quyên Quỳnh Tâm Thảo Thơm Thu Thủy Trang Trâm Uyên Vân Vy Xuân Yến"
).split()


def invent_name(random: Random, *, is_female: bool) -> str:
    """Family name, one middle name and a given name."""
    middle, given = (FEMALE_MIDDLE, FEMALE_GIVEN) if is_female else (MALE_MIDDLE, MALE_GIVEN)
    return f"{random.choice(FAMILY)} {random.choice(middle)} {random.choice(given)}"
