from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "dangol.board"
    label = "board"
