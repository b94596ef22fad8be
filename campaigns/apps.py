from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Chiến dịch"

    def ready(self) -> None:
        from campaigns.importers.own_kinds import register_own_kinds

        register_own_kinds()
