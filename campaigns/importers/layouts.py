"""The lists that the portal knows: which headings name which field, and what tells one kind of list from another.

Headings are compared without marks, case, brackets, stars and line breaks, so one spelling stands for many.
Apps to the right register their own kinds with `register_layout`.
"""

from campaigns.importers.understanding.shapes import LAYOUTS, Layout, register_layout

__all__ = ["LAYOUTS", "register_layout"]

PUPILS, STAFF, HOUSEHOLDS, RESIDENTS = "PUPILS", "STAFF", "HOUSEHOLDS", "RESIDENTS"


def _known(text: str) -> tuple[str, ...]:
    """Headings written one after the other, the preferred one first."""
    return tuple(text.split(" | "))


_ORDINAL = _known("STT | TT | Số TT | Số thứ tự | No | S.T.T | T.T")
_FAMILY_NAME = _known(
    "Họ và tên đệm | Họ đệm | Họ và đệm | Họ | Họ lót | Họ và chữ lót | Họ và lót | Họ tên đệm | Họ và tên lót | "
    "Họ, đệm"
)
_GIVEN_NAME = _known("Tên")
_BIRTH_DATE = _known(
    "Ngày sinh | Ngày tháng năm sinh | Ngày, tháng, năm sinh | Sinh ngày | Ngày/tháng/năm sinh | NTNS | Năm sinh | "
    "Ngày, tháng năm sinh | Ngày tháng, năm sinh | Ngày, năm sinh | Ngày năm sinh | Ngày sinh (dd/mm/yyyy) | NS | "
    "DOB | Ngày th năm sinh | Ng sinh | Sinh năm"
)
_BIRTH_PARTS = {
    "birth_day": _known("Ngày"),
    "birth_month": _known("Tháng | Tháng sinh"),
    "birth_year": _known("Năm"),
    "birth_male": _known("Năm sinh Nam | Ngày sinh Nam"),
    "birth_female": _known("Năm sinh Nữ | Ngày sinh Nữ"),
}
_GENDER = {
    "gender": _known("Giới tính | Nam/Nữ | Phái | Giới | Nam, nữ | GT | Nam - Nữ"),
    "male": _known("Nam | Giới tính Nam | Phái Nam"),
    "female": _known("Nữ | Giới tính Nữ | Phái Nữ"),
}
_STATUS = _known("Trạng thái | Tình trạng | Trạng thái hoạt động")
_UNIT_NAME = _known(
    "Trường | Đơn vị công tác | Trường/Đơn vị công tác | Tên trường | Trường học | Đơn vị | Nơi công tác"
)
_VILLAGE = _known(
    "Thôn | Thôn/xóm | Thôn xóm | Xóm | Tên thôn | Thôn/Tổ dân phố | Thôn, xóm | Thôn, tổ dân phố | Tổ dân phố"
)
_ADDRESS = _known("Địa chỉ | Nơi ở | Chỗ ở | Địa chỉ thường trú | Nơi thường trú | Nơi ở hiện tại | Địa chỉ chi tiết")
_HOUSEHOLD_CODE = _known(
    "Mã hộ | Mã hộ gia đình | Số hộ khẩu | Mã số hộ | Số sổ hộ khẩu | Mã hộ khẩu | Mã số hộ gia đình"
)

PUPIL_LAYOUT = register_layout(
    Layout(
        kind=PUPILS,
        aliases={
            "ordinal": _ORDINAL,
            "code": _known(
                "Mã định danh Bộ GD&ĐT | Mã định danh Bộ GDĐT | Mã định danh | Mã định danh học sinh | "
                "Mã học sinh | Mã HS | Mã số học sinh | Mã định danh HS | Mã ĐD | Mã định danh của Bộ | "
                "Mã định danh ngành"
            ),
            "full_name": _known(
                "Họ và tên | Họ tên | Họ và tên học sinh | Họ tên học sinh | Tên học sinh | Họ & tên | Họ, tên | "
                "Họ và tên HS | Họ tên HS | Họ và tên trẻ | Họ tên trẻ | Họ và tên bé | Tên trẻ | Học sinh | "
                "Họ và tên của học sinh | Họ, tên học sinh | Họ và tên khai sinh"
            ),
            "family_name": _FAMILY_NAME + _known("Họ và tên Họ đệm | Họ và tên Họ | Họ và tên Họ và tên đệm"),
            "given_name": _GIVEN_NAME + _known("Họ và tên Tên | Họ tên Tên"),
            "birth_date": _BIRTH_DATE,
            **_BIRTH_PARTS,
            **_GENDER,
            "status": _STATUS + _known("Trạng thái học sinh | Trạng thái HS | Tình trạng học tập"),
            "class_name": _known(
                "Lớp học | Lớp | Tên lớp | Lớp/nhóm | Nhóm/lớp | Nhóm lớp | Lớp 2025-2026 | Lớp hiện tại | Lớp nhóm"
            ),
            "unit_name": _UNIT_NAME,
        },
        required=(("full_name", "birth_date"),),
        missing_sentence=(
            "Không tìm thấy bảng học sinh: cần một dòng tiêu đề có “Họ và tên” và “Ngày sinh” trong 40 dòng đầu. "
            "Hãy kiểm tra lại tệp, sửa tên cột rồi tải lên."
        ),
        present=(
            "dang hoc",
            "dang theo hoc",
            "chuyen den",
            "hoc sinh moi",
            "tuyen moi",
            "co mat",
            "hoc lai",
            "luu ban",
        ),
        title_words=("hoc sinh", "tre em", "danh sach tre", "danh sach lop", "danh sach em"),
        name_words=("hoc sinh", "tre", "hs"),
        telling=("class_name",),
        carried=("class_name", "unit_name", "status"),
        has_classes=True,
    )
)

STAFF_LAYOUT = register_layout(
    Layout(
        kind=STAFF,
        aliases={
            "ordinal": _ORDINAL,
            "code": _known(
                "Mã định danh/Mã CBGVNV | Mã CBGVNV | Mã định danh Bộ GD&ĐT | Mã định danh | Mã cán bộ | "
                "Mã giáo viên | Mã GV | Mã số cán bộ | Mã nhân viên | Mã công chức | Mã viên chức | Mã CBCC | "
                "Mã CCVC | Mã CBCCVC | Số hiệu cán bộ | Số hiệu công chức | Mã định danh CBGVNV | Mã NV"
            ),
            "full_name": _known(
                "Họ và tên | Họ tên | Họ và tên cán bộ | Họ và tên giáo viên | Họ tên giáo viên | Họ & tên | "
                "Họ, tên | Tên giáo viên | Họ và tên CBGVNV | Họ tên CBGVNV | Họ và tên CBCC | Cán bộ | "
                "Họ tên cán bộ"
            ),
            "family_name": _FAMILY_NAME + _known("Họ và tên Họ đệm | Họ và tên Họ"),
            "given_name": _GIVEN_NAME + _known("Họ và tên Tên | Họ tên Tên"),
            "birth_date": _BIRTH_DATE,
            **_BIRTH_PARTS,
            **_GENDER,
            "status": _STATUS
            + _known("Trạng thái CBGVNV | Trạng thái làm việc | Trạng thái cán bộ | Tình trạng công tác"),
            "position": _known(
                "Vị trí việc làm | Chức danh | Chức vụ | Vị trí việc làm/Chức danh | Chức danh/Vị trí việc làm | "
                "Chức danh, vị trí việc làm | Nhiệm vụ | Vị trí | Chức vụ/Chức danh | Chức vụ, chức danh | "
                "Chức danh nghề nghiệp | Nhóm | Loại cán bộ | Nhóm chức vụ | Vị trí công tác | "
                "Chức vụ/Vị trí việc làm"
            ),
            "contract": _known("Hình thức hợp đồng | Loại hợp đồng | Hình thức tuyển dụng"),
            "unit_name": _known("Trường/Đơn vị công tác") + _UNIT_NAME + _known("Phòng, ban | Phòng ban"),
        },
        required=(("full_name", "position"), ("full_name", "birth_date"), ("full_name", "code")),
        missing_sentence=(
            "Không tìm thấy bảng cán bộ, giáo viên: cần một dòng tiêu đề có “Họ và tên” và “Chức danh” hoặc "
            "“Ngày sinh” trong 40 dòng đầu. Hãy kiểm tra lại tệp, sửa tên cột rồi tải lên."
        ),
        present=(
            "dang lam",
            "dang cong tac",
            "dang day",
            "chuyen den",
            "co mat",
            "bien che",
            "hop dong",
            "dang hoat dong",
            "tuyen moi",
            "thuc hien",
            "thu viec",
            "tap su",
        ),
        title_words=("giao vien", "can bo", "cong chuc", "vien chuc", "nhan vien", "nguoi lao dong", "cbgvnv"),
        name_words=("giao vien", "can bo", "cbgvnv", "nhan vien"),
        telling=("position", "contract"),
        carried=("unit_name", "position", "status"),
    )
)

HOUSEHOLD_LAYOUT = register_layout(
    Layout(
        kind=HOUSEHOLDS,
        aliases={
            "ordinal": _ORDINAL,
            "code": _HOUSEHOLD_CODE,
            "full_name": _known(
                "Họ và tên chủ hộ | Chủ hộ | Tên chủ hộ | Họ tên chủ hộ | Họ, tên chủ hộ | Hộ gia đình | Tên hộ | "
                "Đại diện hộ | Họ và tên chủ hộ gia đình | Họ và tên | Họ tên | Chủ hộ gia đình | "
                "Họ và tên người đại diện hộ"
            ),
            "family_name": _FAMILY_NAME,
            "given_name": _GIVEN_NAME,
            "address": _ADDRESS,
            "member_count": _known(
                "Số nhân khẩu | Nhân khẩu | Số khẩu | Số người | Số thành viên | Tổng số nhân khẩu | Khẩu | "
                "Số người trong hộ | Số NK | Số nhân khẩu trong hộ"
            ),
            "phone": _known(
                "Điện thoại | Số điện thoại | SĐT | ĐT | Điện thoại liên hệ | SĐT liên hệ | Số ĐT | Di động"
            ),
            "note": _known("Ghi chú | Diện hộ | Loại hộ | Đối tượng | Phân loại hộ | Phân loại | Hộ nghèo/cận nghèo"),
            "poor": _known("Hộ nghèo | Nghèo | Ghi chú Hộ nghèo | Diện hộ Hộ nghèo | Phân loại hộ Hộ nghèo"),
            "near_poor": _known("Hộ cận nghèo | Cận nghèo | Diện hộ Hộ cận nghèo | Phân loại hộ Hộ cận nghèo"),
            "village": _VILLAGE,
            "status": _STATUS,
            "relation": _known("Quan hệ với chủ hộ | Quan hệ | Quan hệ chủ hộ | QH với chủ hộ"),
        },
        required=(("full_name",),),
        missing_sentence=(
            "Không tìm thấy bảng hộ gia đình: cần một dòng tiêu đề có “Họ và tên chủ hộ” trong 40 dòng đầu. "
            "Hãy kiểm tra lại tệp, sửa tên cột rồi tải lên."
        ),
        present=("dang", "thuong tru", "tam tru", "co mat", "hoat dong", "hien co", "binh thuong"),
        title_words=("danh sach ho", "ho gia dinh", "cac ho", "chu ho", "ho ngheo"),
        name_words=("chu ho", "ho gia dinh", "ten ho", "dai dien ho"),
        telling=("member_count", "poor", "near_poor"),
        households="heads",
        carried=("ordinal", "code", "address", "village", "note", "member_count", "phone"),
    )
)

RESIDENT_LAYOUT = register_layout(
    Layout(
        kind=RESIDENTS,
        aliases={
            "ordinal": _ORDINAL,
            "household_code": _HOUSEHOLD_CODE,
            "household_no": _known("Hộ số | Số hộ | STT hộ | Hộ | Số thứ tự hộ | TT hộ"),
            "head_name": _known("Họ và tên chủ hộ | Chủ hộ | Tên chủ hộ | Họ tên chủ hộ"),
            "code": _known("Mã định danh | Mã người dân | Mã công dân"),
            "full_name": _known(
                "Họ và tên | Họ tên | Họ và tên thành viên | Họ và tên nhân khẩu | Thành viên | Nhân khẩu | "
                "Họ, tên | Họ và tên công dân | Họ tên công dân | Họ và tên người dân | Họ tên thành viên | "
                "Tên thành viên"
            ),
            "family_name": _FAMILY_NAME + _known("Họ và tên Họ đệm | Họ và tên Họ"),
            "given_name": _GIVEN_NAME + _known("Họ và tên Tên | Họ tên Tên"),
            "birth_date": _BIRTH_DATE,
            **_BIRTH_PARTS,
            **_GENDER,
            "relation": _known(
                "Quan hệ với chủ hộ | Quan hệ | Quan hệ chủ hộ | QH với chủ hộ | Mối quan hệ với chủ hộ | "
                "Mối quan hệ | Quan hệ với CH | QHCH"
            ),
            "address": _ADDRESS,
            "village": _VILLAGE,
            "status": _STATUS + _known("Tình trạng cư trú | Trạng thái cư trú"),
        },
        required=(
            ("full_name", "relation"),
            ("full_name", "household_code"),
            ("full_name", "household_no"),
            ("full_name", "birth_date"),
        ),
        missing_sentence=(
            "Không tìm thấy bảng người dân theo hộ: cần một dòng tiêu đề có “Họ và tên” và “Quan hệ với chủ hộ” hoặc "
            "“Mã hộ” trong 40 dòng đầu. Hãy kiểm tra lại tệp, sửa tên cột rồi tải lên."
        ),
        present=("dang", "thuong tru", "tam tru", "co mat", "con song", "hien co", "co tru"),
        title_words=("nhan khau", "nguoi dan", "cong dan", "dan cu", "cu dan"),
        name_words=("thanh vien", "nhan khau", "cong dan", "nguoi dan"),
        telling=("relation", "household_no"),
        households="members",
        carried=("ordinal", "household_code", "household_no", "head_name", "address", "village"),
    )
)
