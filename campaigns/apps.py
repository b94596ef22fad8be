from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Chiến dịch"

    def ready(self) -> None:
        from campaigns.exported_lists import register_own_exports
        from campaigns.importers.kinds import register_kind
        from campaigns.importers.own_kinds import register_own_kinds
        from campaigns.importers.units import UNITS

        register_own_kinds()
        register_own_exports()
        register_kind(UNITS)
