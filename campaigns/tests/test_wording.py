import pytest

from campaigns.choices import Operator
from campaigns.wording import describe_threshold, percent_text, target_in_words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("basis_points", "text"),
    [(9000, "90%"), (9250, "92,5%"), (9205, "92,05%"), (25, "0,25%"), (10_000, "100%"), (0, "0%")],
)
def test_basis_points_are_written_as_people_write_percent(basis_points, text):
    assert percent_text(basis_points) == text


@pytest.mark.parametrize(
    ("operator", "threshold", "tolerance", "text"),
    [
        (Operator.MORE_THAN, 9000, 0, "trên 90%"),
        (Operator.AT_LEAST, 8000, 0, "từ 80% trở lên"),
        (Operator.ALL, 10_000, 0, "toàn bộ (100%)"),
        (Operator.ABOUT, 7000, 0, "khoảng 70% (sai số 0)"),
        (Operator.ABOUT, 7000, 250, "khoảng 70% (sai số 2,5%)"),
        (Operator.EACH_UNIT, 10_000, 0, "tất cả các đơn vị, không trừ đơn vị nào"),
    ],
)
def test_a_threshold_is_said_in_the_words_of_the_plan(operator, threshold, tolerance, text):
    assert describe_threshold(operator, threshold, tolerance) == text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("K1", "Trên 90% người (cán bộ, công chức; người lao động; cán bộ quản lý; giáo viên; nhân viên) có tên trong"),
        ("K2", "Toàn bộ (100%) người (cán bộ quản lý; giáo viên) có xác nhận sử dụng nền tảng số đã duyệt."),
        ("K3", "Toàn bộ (100%) học sinh có tên trong ít nhất 01 hoạt động đã duyệt (tập huấn, bồi dưỡng; dạy học"),
        ("K4", "Khoảng 70% (sai số 0) hộ đạt kiểm tra đủ năm kỹ năng số cơ bản; hộ mới được tiếp cận"),
        (
            "K5",
            "Mỗi trường chủ trì hoặc phối hợp ít nhất 01 hoạt động đã duyệt (tuyên truyền; hỗ trợ người dân",
        ),
        ("K6", "Mỗi thôn có Tổ công nghệ số cộng đồng thực hiện ít nhất 01 hoạt động đã duyệt trong 90 ngày gần nhất"),
    ],
)
def test_a_target_of_the_plan_is_one_sentence(campaign, code, words):
    assert target_in_words(campaign.targets.get(code=code)).startswith(words)
