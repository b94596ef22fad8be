"""The fixed vocabularies of the house (docs/glossary.md); each value is guarded by a CHECK in the database."""

from django.db.models import TextChoices


class UnitKind(TextChoices):
    CITY = "CITY", "Thành phố, tỉnh"
    COMMUNE = "COMMUNE", "Xã, phường, đặc khu"
    OFFICE = "OFFICE", "Phòng, cơ quan, trung tâm"
    PRESCHOOL = "PRESCHOOL", "Trường mầm non"
    PRIMARY = "PRIMARY", "Trường tiểu học"
    LOWER_SECONDARY = "LOWER_SECONDARY", "Trường THCS"
    PRIMARY_LOWER_SECONDARY = "PRIMARY_LOWER_SECONDARY", "Trường TH&THCS"
    LEARNING_CENTRE = "LEARNING_CENTRE", "Trung tâm học tập cộng đồng"
    VILLAGE = "VILLAGE", "Thôn"
    UNION = "UNION", "MTTQ, đoàn thể"


SCHOOL_KINDS = (
    UnitKind.PRESCHOOL,
    UnitKind.PRIMARY,
    UnitKind.LOWER_SECONDARY,
    UnitKind.PRIMARY_LOWER_SECONDARY,
)


class Role(TextChoices):
    ADMIN = "ADMIN", "Quản trị"
    OFFICER = "OFFICER", "Cán bộ phòng Văn hóa - Xã hội"
    LEADER = "LEADER", "Lãnh đạo UBND"
    EDITOR = "EDITOR", "Người nhập của đơn vị"
    TEAM_MEMBER = "TEAM_MEMBER", "Thành viên tổ công nghệ số cộng đồng"


class Group(TextChoices):
    OFFICIAL = "OFFICIAL", "Cán bộ, công chức"
    WORKER = "WORKER", "Người lao động"
    MANAGER = "MANAGER", "Cán bộ quản lý"
    TEACHER = "TEACHER", "Giáo viên"
    SCHOOL_STAFF = "SCHOOL_STAFF", "Nhân viên"
    PUPIL = "PUPIL", "Học sinh"
    RESIDENT = "RESIDENT", "Người dân"
    HOUSEHOLD = "HOUSEHOLD", "Hộ gia đình"


#: Everything a person may belong to; HOUSEHOLD is only counted, nobody is a member of it.
PERSON_GROUPS = tuple(group for group in Group if group != Group.HOUSEHOLD)
STAFF_GROUPS = (Group.OFFICIAL, Group.WORKER, Group.MANAGER, Group.TEACHER, Group.SCHOOL_STAFF)
SCHOOL_GROUPS = (Group.MANAGER, Group.TEACHER, Group.SCHOOL_STAFF, Group.PUPIL)
VILLAGE_GROUPS = (Group.RESIDENT,)
OFFICE_GROUPS = (Group.OFFICIAL, Group.WORKER)


def groups_of_kind(kind: str) -> tuple[Group, ...]:
    """The groups that people of a unit of this kind may belong to; a union or a centre has those of an office."""
    if kind in SCHOOL_KINDS:
        return SCHOOL_GROUPS
    return VILLAGE_GROUPS if kind == UnitKind.VILLAGE else OFFICE_GROUPS


class Operator(TextChoices):
    MORE_THAN = "MORE_THAN", "trên"
    AT_LEAST = "AT_LEAST", "từ … trở lên"
    ALL = "ALL", "toàn bộ"
    ABOUT = "ABOUT", "khoảng"
    EACH_UNIT = "EACH_UNIT", "mỗi đơn vị ít nhất"


class Qualifier(TextChoices):
    """What makes a subject count as reached (kpi-rules.md, last column of the six targets)."""

    ATTENDANCE = "ATTENDANCE", "Có tên trong hoạt động đã duyệt"
    PLATFORM_USE = "PLATFORM_USE", "Có xác nhận sử dụng nền tảng số đã duyệt"
    HOUSEHOLD_CHECK = "HOUSEHOLD_CHECK", "Hộ đạt kiểm tra năm kỹ năng"
    HOSTED_ACTIVITY = "HOSTED_ACTIVITY", "Đơn vị chủ trì hoặc phối hợp hoạt động đã duyệt"
    TEAM_ACTIVITY = "TEAM_ACTIVITY", "Tổ công nghệ số cộng đồng có hoạt động đã duyệt"


class ActivityKind(TextChoices):
    COMMUNICATION = "COMMUNICATION", "Tuyên truyền"
    TRAINING = "TRAINING", "Tập huấn, bồi dưỡng"
    LESSON = "LESSON", "Dạy học lồng ghép"
    SUPPORT = "SUPPORT", "Hỗ trợ người dân"
    FESTIVAL = "FESTIVAL", "Ngày hội"
    ONLINE_COURSE = "ONLINE_COURSE", "Học trực tuyến"


class DenominatorPolicy(TextChoices):
    """Rule C6: who belongs to the counted set."""

    AS_OF = "AS_OF", "Có mặt tại ngày lấy số liệu"
    FIXED = "FIXED", "Chốt theo một ngày"
    EVER = "EVER", "Từng có mặt trong năm"


class Source(TextChoices):
    """Where a unit's figures of one group come from (kpi-rules.md, "Declared figures")."""

    ROSTER = "ROSTER", "Theo danh sách"
    DECLARED = "DECLARED", "Khai báo"


class RecordStatus(TextChoices):
    DRAFT = "DRAFT", "Nháp"
    SUBMITTED = "SUBMITTED", "Chờ duyệt"
    RETURNED = "RETURNED", "Trả lại"
    APPROVED = "APPROVED", "Đã duyệt"
    REPLACED = "REPLACED", "Đã thay bằng bản mới"
    WITHDRAWN = "WITHDRAWN", "Đã rút duyệt"


#: States of a record whose approval has ended; until the day before it ended it still counts (rules G5, H2).
ENDED_STATES = (RecordStatus.REPLACED, RecordStatus.WITHDRAWN)


class ExclusionReason(TextChoices):
    """Why somebody is not asked to take part for a while (rule C8)."""

    MATERNITY = "MATERNITY", "Nghỉ thai sản"
    SECONDMENT = "SECONDMENT", "Biệt phái"
    SICK_LEAVE = "SICK_LEAVE", "Nghỉ ốm dài ngày"
    STUDY_LEAVE = "STUDY_LEAVE", "Đi học tập trung"
    OTHER = "OTHER", "Lý do khác"


class Gender(TextChoices):
    MALE = "MALE", "Nam"
    FEMALE = "FEMALE", "Nữ"
