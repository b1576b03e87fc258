from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "dangol.sources"
    label = "sources"

    def ready(self) -> None:
        from dangol.customers.source_names import lend_names
        from dangol.sources.names import names_of_systems

        lend_names(names_of_systems)
