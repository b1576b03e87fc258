from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "dangol.demo"
    label = "demo"

    def ready(self) -> None:
        """Lend the hidden truth of the demo's databases to the page that scores the matching."""
        from dangol.demo.sources.truth import whose_records
        from dangol.identity.audits.truth import lend_truth

        lend_truth(whose_records)
