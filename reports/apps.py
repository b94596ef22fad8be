from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from reports.selectors.exclusion_effects import exclusion_effects
        from training.figure_effects import register_figure_effect

        register_figure_effect(exclusion_effects)
