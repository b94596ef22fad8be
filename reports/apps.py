from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from reports.exported_lists import register_own_exports
        from reports.selectors.figure_effects import figure_effects
        from training.figure_effects import register_figure_effect

        register_figure_effect(figure_effects)
        register_own_exports()
