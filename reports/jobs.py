"""How this app's background work is done (accounts/jobs.py finds this module when the portal starts)."""

from datetime import date

from accounts import jobs
from accounts.models import Job
from campaigns.models import Campaign
from reports.exporters.edition import Edition, read_edition
from reports.exporters.wording import figure_in_short
from reports.exporters.workbook import workbook_name, write_workbook
from reports.progress import ProgressError
from reports.selectors.clocks import Clocks
from reports.selectors.workbooks import WORKBOOK

NO_BREAK = "\N{NO-BREAK SPACE}"


@jobs.job_handler(WORKBOOK)
def make_workbook(job: Job, progress: jobs.Progress) -> str:
    """Write the workbook that was asked for; answers with its figures in one line.

    Raises JobError where the campaign is gone or its records contradict each other.
    """
    campaign, clocks = _order(job)
    progress.report(5, "Đang đọc số liệu")
    try:
        edition = read_edition(campaign, clocks, made_by=str(job.owner))
    except ProgressError as error:
        raise jobs.JobError(f"Chưa lập được báo cáo vì số liệu có chỗ trái nhau. {error}") from error
    progress.report(50, "Đang viết các trang tính")
    with progress.result_file(workbook_name(campaign, clocks.as_of)) as path:
        write_workbook(edition, path)
    return figures_in_one_line(edition)


def _order(job: Job) -> tuple[Campaign, Clocks]:
    """Load again what the job names, inside the owner's commune only."""
    found = Campaign.objects.filter(pk=job.arguments["campaign"], commune_id=job.commune_id)
    campaign = found.select_related("commune").first()
    if campaign is None:
        raise jobs.JobError("Không còn kế hoạch này. Hãy mở lại trang Báo cáo và tạo báo cáo mới.")
    as_of, approved_by = (date.fromisoformat(job.arguments[name]) for name in ("as_of", "approved_by"))
    return campaign, Clocks(as_of, approved_by)


def figures_in_one_line(edition: Edition) -> str:
    """ "K1 94,5% (đạt); K2 chưa báo cáo": what a list of files shows of each; a line never ends inside a figure."""
    figures = [f"{target.rule.code} {figure_in_short(target.commune)}" for target in edition.progress.targets]
    return "; ".join(figure.replace(" ", NO_BREAK) for figure in figures)
