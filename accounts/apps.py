from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        # Every app says in its jobs.py how its background work is done; web, worker and run_jobs all know it.
        autodiscover_modules("jobs")
        from accounts.exported_audit import register_audit_export

        register_audit_export()
