"""Everything one edition of the official report is made of, read once; sheets only arrange it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils import timezone

from campaigns.models import AgencyProfile, Campaign
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.sheets.writing import Letterhead
from hbs_portal.lib.text import date_short
from reports.progress import Progress
from reports.selectors import Reading, read_progress
from reports.selectors.activity_rows import ActivityRow, DistinctSubjects, count_subjects, load_activity_rows
from reports.selectors.clocks import Clocks

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DEMO_MARK = "DỮ LIỆU MINH HỌA, KHÔNG PHẢI SỐ LIỆU THẬT"


@dataclass(frozen=True)
class Edition:
    """`made_by` is empty for a file made from the command line."""

    reading: Reading
    letterhead: Letterhead
    activities: Sequence[ActivityRow]
    subjects: DistinctSubjects
    made_by: str
    made_at: datetime

    @property
    def campaign(self) -> Campaign:
        return self.reading.campaign

    @property
    def progress(self) -> Progress:
        return self.reading.progress

    @property
    def movement(self) -> str:
        """What all titles end with: "Phong trào “Bình dân học vụ số” năm 2026"."""
        return f"Phong trào “{self.campaign.name}” năm {self.campaign.starts_on.year}"

    @property
    def clock_line(self) -> str:
        """The two clocks of every table (rule G5)."""
        clocks = self.reading.clocks
        return f"(Số liệu phát sinh đến {date_short(clocks.as_of)}, được duyệt đến {date_short(clocks.approved_by)})"

    @property
    def head_lines(self) -> tuple[str, ...]:
        """What stands under the title of every sheet."""
        return (DEMO_MARK,) if self.campaign.is_demo else ()


def read_edition(campaign: Campaign, clocks: Clocks, made_by: str = "") -> Edition:
    """Read figures, activities and letterhead; the number of queries depends on nothing.

    The figures are drawn at once, so that facts which contradict each other raise ProgressError here.
    """
    reading = read_progress(campaign, clocks)
    prefetch_related_objects(list(reading.targets), "criteria")
    edition = Edition(
        reading=reading,
        letterhead=letterhead_of(campaign),
        activities=load_activity_rows(campaign, clocks),
        subjects=count_subjects(campaign, clocks),
        made_by=made_by,
        made_at=timezone.now(),
    )
    edition.progress  # noqa: B018
    return edition


def letterhead_of(campaign: Campaign) -> Letterhead:
    """Head, signatures and recipients of the commune's papers, dated today (Nghị định 30/2020/NĐ-CP)."""
    profile = AgencyProfile.objects.filter(commune_id=campaign.commune_id).first() or _plain_profile(campaign)
    return Letterhead(
        agency_lines=(profile.superior_name, profile.agency_name),
        motto_lines=MOTTO,
        place=profile.place,
        day=local_today(),
        signer_lines=tuple(filter(None, (profile.signed_for, profile.signed_instead, profile.signer_title))),
        signer_name=profile.signer_name,
        preparer_label=profile.preparer_title,
        recipients_label="Nơi nhận:",
        recipients=tuple(f"- {line.strip()}" for line in profile.recipients.splitlines() if line.strip()),
    )


def _plain_profile(campaign: Campaign) -> AgencyProfile:
    """What can be said of a commune that has not described its papers yet."""
    name = campaign.commune.name
    return AgencyProfile(agency_name=name.upper(), place=name.removeprefix("Xã ").removeprefix("Phường "))
