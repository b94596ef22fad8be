"""Which campaign a command speaks of: one query."""

from campaigns.models import Campaign


class CampaignNotFoundError(LookupError):
    """No campaign, or more than one, answers the question; the message says what to do."""


def find_campaign(code: str | None = None, commune: str | None = None) -> Campaign:
    """The campaign of this code (of that commune), without a code the open one.

    Raises CampaignNotFoundError when none or several communes have such a campaign.
    """
    campaigns = Campaign.objects.select_related("commune").order_by("commune__code", "code")
    if commune:
        campaigns = campaigns.filter(commune__code=commune)
    found = list((campaigns.filter(code=code) if code else campaigns.open())[:9])
    if len(found) == 1:
        return found[0]
    raise CampaignNotFoundError(_several(found) if found else _none(code))


def every_campaign() -> list[Campaign]:
    """All campaigns of all communes, in their order."""
    return list(Campaign.objects.select_related("commune").order_by("commune__code", "code"))


def _none(code: str | None) -> str:
    if code:
        return f"Không có chiến dịch mã “{code}”. Hãy kiểm tra lại mã chiến dịch và mã xã."
    return "Chưa có chiến dịch nào đang mở. Hãy nạp kế hoạch, hoặc nêu mã chiến dịch bằng --campaign."


def _several(found: list[Campaign]) -> str:
    names = ", ".join(f"{campaign.code} (xã {campaign.commune.code})" for campaign in found)
    return f"Có nhiều chiến dịch: {names}. Hãy chọn một bằng --campaign và --commune."
